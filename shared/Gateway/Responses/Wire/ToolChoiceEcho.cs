using System.Text.Json;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>Writes a tool choice back in the flat form, whatever form it came in.</summary>
internal static class ToolChoiceEcho
{
    private static readonly JsonElement Auto = JsonElement.Parse("\"auto\"");
    private static readonly JsonElement None = JsonElement.Parse("\"none\"");
    private static readonly JsonElement Required = JsonElement.Parse("\"required\"");

    public static JsonElement Write(ToolChoice choice, JsonElement? sent) => (choice.Mode, choice.Allowed) switch
    {
        (ToolChoiceMode.None, _) => None,
        (ToolChoiceMode.Auto, null) => Auto,
        (ToolChoiceMode.Required, null) => Required,
        (ToolChoiceMode.Required, [var only]) when sent?.Field("type")?.GetString() == "function" => WriteObject(json =>
        {
            json.WriteString("type", "function");
            json.WriteString("name", only);
        }),
        _ => WriteObject(json => WriteAllowed(json, choice)),
    };

    private static void WriteAllowed(Utf8JsonWriter json, ToolChoice choice)
    {
        json.WriteString("type", "allowed_tools");
        json.WriteString("mode", choice.Mode == ToolChoiceMode.Required ? "required" : "auto");
        json.WriteStartArray("tools");
        foreach (var name in choice.Allowed!)
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static JsonElement WriteObject(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
