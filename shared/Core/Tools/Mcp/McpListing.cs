using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Security;

namespace OpenClaw.Tools.Mcp;

/// <summary>One tool as its server describes it, made harmless.</summary>
/// <param name="Name">The server's own name for it.</param>
/// <param name="Description">For the model; the server's words are wrapped as untrusted.</param>
internal sealed record McpToolInfo(string Name, string Description, JsonElement Schema, bool IsRepeatable);

/// <summary>Reads what a server says about its tools. Whatever is not a tool is left out.</summary>
internal static class McpListing
{
    /// <summary>Of one server.</summary>
    public const int MostTools = 256;

    private const int MostNameCharacters = 128;
    private const int MostDescriptionCharacters = 4_000;
    private const int MostSchemaCharacters = 32_000;
    private const int MostDepth = 24;

    /// <param name="server">Its configured name.</param>
    /// <param name="instructions">Its own words for all its tools; they go with the first.</param>
    /// <param name="left">How many entries were no usable tools.</param>
    public static IReadOnlyList<McpToolInfo> Read(
        string server, McpServerSection section, string? instructions, IReadOnlyList<JsonElement> tools, out int left)
    {
        var found = new Dictionary<string, McpToolInfo>(StringComparer.Ordinal);
        left = 0;
        foreach (var tool in tools)
        {
            if (tool.ValueKind != JsonValueKind.Object || TextOf(tool, "name") is not { Length: > 0 and <= MostNameCharacters } name
                || SchemaOf(tool) is not { } schema)
            {
                left++;
            }
            else if (IsLetIn(name, section))
            {
                found.TryAdd(name, new McpToolInfo(
                    name, Describe(server, name, TextOf(tool, "description"), found.Count == 0 ? instructions : null), schema,
                    IsRepeatable(tool)));
            }
        }

        return [.. found.Values];
    }

    private static bool IsLetIn(string name, McpServerSection section) =>
        (section.Include is null || section.Include.Any(pattern => Matches(name, pattern)))
        && !section.Exclude.Any(pattern => Matches(name, pattern));

    private static bool Matches(string name, string pattern) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(
        pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal), name, ignoreCase: false);

    private static string Describe(string server, string name, string? words, string? instructions)
    {
        var tool = UntrustedText.Line(name);
        var described = string.IsNullOrWhiteSpace(words)
            ? $"The tool '{tool}' of the MCP server '{server}', which does not describe it."
            : $"The tool '{tool}' of the MCP server '{server}', in the words of the server:\n{Wrap(words)}";
        return string.IsNullOrWhiteSpace(instructions) ? described
            : $"{described}\nWhat the server says about all its tools:\n{Wrap(instructions)}";
    }

    private static string Wrap(string words) =>
        UntrustedText.WrapLasting(words.Length > MostDescriptionCharacters ? words[..MostDescriptionCharacters] : words);

    /// <summary>Whether the server says that the tool changes nothing, or nothing more when it is called again. A lie harms its own data
    /// only.</summary>
    private static bool IsRepeatable(JsonElement tool) =>
        tool.TryGetProperty("annotations", out var hints) && hints.ValueKind == JsonValueKind.Object
        && (IsTrue(hints, "readOnlyHint") || IsTrue(hints, "idempotentHint"));

    private static bool IsTrue(JsonElement hints, string name) =>
        hints.TryGetProperty(name, out var hint) && hint.ValueKind == JsonValueKind.True;

    /// <summary>The schema of the arguments, with every text in it cleaned; null when it is none.</summary>
    private static JsonElement? SchemaOf(JsonElement tool)
    {
        if (!tool.TryGetProperty("inputSchema", out var schema) || schema.ValueKind != JsonValueKind.Object
            || TextOf(schema, "type") != "object" || schema.GetRawText().Length > MostSchemaCharacters)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            if (!Write(schema, json, MostDepth))
            {
                return null;
            }
        }

        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static bool Write(JsonElement value, Utf8JsonWriter json, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when depth > 0:
                json.WriteStartObject();
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject())
                {
                    if (!names.Add(member.Name) || UntrustedText.Clean(member.Name) != member.Name)
                    {
                        return false;
                    }

                    json.WritePropertyName(member.Name);
                    if (!Write(member.Value, json, depth - 1))
                    {
                        return false;
                    }
                }

                json.WriteEndObject();
                return true;
            case JsonValueKind.Array when depth > 0:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    if (!Write(item, json, depth - 1))
                    {
                        return false;
                    }
                }

                json.WriteEndArray();
                return true;
            case JsonValueKind.String when TextOf(value) is { } text:
                json.WriteStringValue(UntrustedText.Clean(text));
                return true;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                value.WriteTo(json);
                return true;
            default:
                return false;
        }
    }

    internal static string? TextOf(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? TextOf(value) : null;

    /// <summary>Null when it is no string, or one with half a surrogate pair.</summary>
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
