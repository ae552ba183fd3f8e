using System.Text;
using System.Text.Json;
using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Functions.Worker;

/// <summary>What the host is told about every function: over the stream at start, and as the file <c>functions.metadata</c> for packaging tools.</summary>
public static class FunctionMetadata
{
    private const string Language = "dotnet-isolated";
    private const string ScriptFile = "openclaw.dll";

    /// <summary>The function id is its name.</summary>
    public static IEnumerable<RpcFunctionMetadata> Describe(FunctionCatalog catalog)
    {
        foreach (var function in catalog.Http)
        {
            var metadata = New(function.Name, function.EntryPoint);
            metadata.RawBindings.Add(ToText(json => WriteHttpTrigger(json, function)));
            metadata.RawBindings.Add(ToText(WriteHttpOutput));
            yield return metadata;
        }

        foreach (var function in catalog.Timers)
        {
            var metadata = New(function.Name, function.EntryPoint);
            metadata.RawBindings.Add(ToText(json => WriteTimerTrigger(json, function)));
            yield return metadata;
        }
    }

    /// <summary>The text of <c>functions.metadata</c>: a JSON array, one object per function.</summary>
    public static string ToJson(FunctionCatalog catalog)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            foreach (var function in Describe(catalog))
            {
                json.WriteStartObject();
                json.WriteString("name", function.Name);
                json.WriteString("scriptFile", function.ScriptFile);
                json.WriteString("entryPoint", function.EntryPoint);
                json.WriteString("language", function.Language);
                json.WriteStartObject("properties");
                json.WriteBoolean("IsCodeless", false);
                json.WriteEndObject();
                json.WriteStartArray("bindings");
                foreach (var binding in function.RawBindings)
                {
                    using var value = JsonDocument.Parse(binding);
                    value.RootElement.WriteTo(json);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static RpcFunctionMetadata New(string name, string entryPoint) => new()
    {
        Name = name,
        FunctionId = name,
        EntryPoint = entryPoint,
        ScriptFile = ScriptFile,
        Language = Language,
        Status = new StatusResult { Status = StatusResult.Types.Status.Success },
    };

    private static void WriteHttpTrigger(Utf8JsonWriter json, HttpFunction function)
    {
        WriteBinding(json, "req", "httpTrigger", "In");
        json.WriteString("authLevel", Level(function.AuthLevel));
        if (function.Methods.Count > 0)
        {
            json.WriteStartArray("methods");
            foreach (var method in function.Methods)
            {
                json.WriteStringValue(Lower(method));
            }

            json.WriteEndArray();
        }

        json.WriteString("route", function.Route);
    }

    private static void WriteHttpOutput(Utf8JsonWriter json) => WriteBinding(json, "$return", "http", "Out");

    private static void WriteTimerTrigger(Utf8JsonWriter json, TimerFunction function)
    {
        WriteBinding(json, "timer", "timerTrigger", "In");
        json.WriteString("schedule", function.Trigger.Schedule);
        json.WriteBoolean("runOnStartup", function.Trigger.RunOnStartup);
        json.WriteBoolean("useMonitor", function.Trigger.UseMonitor);
    }

    private static void WriteBinding(Utf8JsonWriter json, string name, string type, string direction)
    {
        json.WriteString("name", name);
        json.WriteString("type", type);
        json.WriteString("direction", direction);
    }

    private static string ToText(Action<Utf8JsonWriter> writeProperties)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Level(Microsoft.Azure.Functions.Worker.AuthorizationLevel level) => Lower(level.ToString());

#pragma warning disable CA1308 // the host's vocabulary is lower case
    private static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308
}
