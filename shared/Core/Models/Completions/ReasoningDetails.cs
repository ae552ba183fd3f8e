using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Models.Completions;

/// <summary>OpenRouter's <c>reasoning_details</c>, which a stream brings in pieces: text of the same entry is joined, other entries stay
/// apart. Source: OpenRouter documentation, "Reasoning tokens".</summary>
internal sealed class ReasoningDetails
{
    /// <summary>Details beyond this length are not kept: sent back in part they would be refused.</summary>
    private const int MaxLength = 1024 * 1024;

    private static readonly string[] Texts = ["text", "summary"];

    private readonly List<(JsonObject Entry, Dictionary<string, System.Text.StringBuilder> Texts)> _entries = [];
    private int _length;

    /// <summary>Adds the array of one piece.</summary>
    /// <returns>The readable text in it.</returns>
    public string Add(JsonElement details)
    {
        if (details.ValueKind != JsonValueKind.Array || (_length += details.GetRawText().Length) > MaxLength)
        {
            return "";
        }

        var said = "";
        foreach (var detail in details.EnumerateArray().Where(detail => detail.ValueKind == JsonValueKind.Object))
        {
            var piece = ToolSchema.ToObject(detail);
            if (_entries is not [.., var last] || !Continues(last.Entry, piece))
            {
                last = (new JsonObject(), new(StringComparer.Ordinal));
                _entries.Add(last);
            }

            foreach (var (name, value) in piece)
            {
                if (Texts.Contains(name) && value is JsonValue text && text.TryGetValue<string>(out var more))
                {
                    last.Texts.TryAdd(name, new());
                    last.Texts[name].Append(more);
                    said += more;
                }
                else if (value is not null)
                {
                    last.Entry[name] = value.DeepClone();
                }
            }
        }

        return said;
    }

    /// <summary>The whole array; null without details.</summary>
    public JsonElement? ToWhole()
    {
        if (_entries.Count == 0 || _length > MaxLength)
        {
            return null;
        }

        var whole = new JsonArray();
        foreach (var (entry, texts) in _entries)
        {
            foreach (var (name, text) in texts)
            {
                entry[name] = text.ToString();
            }

            whole.Add((JsonNode)entry.DeepClone());
        }

        return ToolSchema.ToElement(whole);
    }

    private static bool Continues(JsonObject entry, JsonObject piece) =>
        Texts.Any(piece.ContainsKey) && Same(entry, piece, "type") && Same(entry, piece, "index")
        && (piece["id"] is null || Same(entry, piece, "id"));

    private static bool Same(JsonObject entry, JsonObject piece, string name) => JsonNode.DeepEquals(entry[name], piece[name]);
}
