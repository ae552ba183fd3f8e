using System.Text.Json;
using OpenClaw.Models.Upstream;
using OpenClaw.Sessions;

namespace OpenClaw.Models.Responses;

/// <summary>The fields of a Responses event that the reader needs.
/// Only deltas are frequent, so only they are read without an intermediate document.</summary>
internal readonly ref struct ResponsesEvent
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public string? Type { get; private init; }

    /// <summary>The number of the output item; null when the server does not say.</summary>
    public int? OutputIndex { get; private init; }

    public string? ItemId { get; private init; }

    /// <summary>The number of the part of the item, from 0.</summary>
    public int Part { get; private init; }

    /// <summary>What a delta appends; may begin or end with half of a surrogate pair.</summary>
    public string Delta { get; private init; }

    /// <summary>Of the tokens of <see cref="Delta"/>; null when there are none.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; private init; }

    /// <summary>The event itself, unless it is a delta.</summary>
    public JsonElement Whole { get; private init; }

    public JsonElement Item => Child("item");

    public JsonElement Response => Child("response");

    /// <param name="name">The event's name, for servers that leave out <c>type</c>.</param>
    public static ResponsesEvent Parse(string? name, ReadOnlySpan<byte> data)
    {
        var type = TypeOf(data) ?? name;
        if (type?.EndsWith(".delta", StringComparison.Ordinal) == true)
        {
            return ParseDelta(type, data);
        }

        var reader = new Utf8JsonReader(data);
        var whole = JsonElement.ParseValue(ref reader);
        return new ResponsesEvent
        {
            Type = type,
            Delta = "",
            OutputIndex = Number(whole, "output_index"),
            ItemId = ModelJson.TextOf(whole, "item_id"),
            Part = Number(whole, "content_index") ?? Number(whole, "summary_index") ?? 0,
            Whole = whole,
        };
    }

    private static ResponsesEvent ParseDelta(string type, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        string? itemId = null;
        IReadOnlyList<TokenLogprob>? logprobs = null;
        int? index = null;
        var (delta, part) = ("", 0);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                delta = ModelJson.ReadPieceValue(ref reader);
            }
            else if (reader.ValueTextEquals("output_index"u8))
            {
                index = ReadNumber(ref reader);
            }
            else if (reader.ValueTextEquals("content_index"u8) || reader.ValueTextEquals("summary_index"u8))
            {
                part = ReadNumber(ref reader) ?? part;
            }
            else if (reader.ValueTextEquals("logprobs"u8))
            {
                reader.Read();
                logprobs = LogprobReader.Read(ref reader);
            }
            else if (index is null && reader.ValueTextEquals("item_id"u8))
            {
                itemId = ModelJson.ReadString(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ResponsesEvent
        {
            Type = type,
            Delta = delta,
            OutputIndex = index,
            ItemId = itemId,
            Part = part,
            Logprobs = logprobs,
        };
    }

    // All known servers send the type first, so this reads one property.
    private static string? TypeOf(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        ModelJson.Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                return reader.ValueTextEquals("response.output_text.delta"u8) ? "response.output_text.delta" : reader.GetString();
            }

            reader.Skip();
        }

        return null;
    }

    private static int? ReadNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetInt32();
        }

        reader.Skip();
        return null;
    }

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private JsonElement Child(string name) =>
        Whole.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : Nothing;
}
