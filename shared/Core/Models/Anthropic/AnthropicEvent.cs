using System.Text.Json;

namespace OpenClaw.Models.Anthropic;

/// <summary>The fields of a Messages event that the reader needs.
/// Only deltas are frequent, so only they are read without an intermediate document.</summary>
internal readonly ref struct AnthropicEvent
{
    public string? Type { get; private init; }

    public int Index { get; private init; }

    /// <summary><c>text_delta</c>, <c>input_json_delta</c>, <c>thinking_delta</c>, <c>signature_delta</c> or an unknown type.</summary>
    public string? DeltaType { get; private init; }

    /// <summary>The text that the delta appends, for every type.</summary>
    public string Piece { get; private init; }

    /// <summary>The event itself, unless it is a delta.</summary>
    public JsonElement Whole { get; private init; }

    public static AnthropicEvent Parse(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        var (type, index, deltaType, piece) = ((string?)null, 0, (string?)null, "");
        ModelJson.Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = ReadName(ref reader);
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                index = reader.TokenType == JsonTokenType.Number ? reader.GetInt32() : 0;
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                ReadDelta(ref reader, ref deltaType, ref piece);
            }
            else
            {
                reader.Skip();
            }
        }

        var whole = new Utf8JsonReader(data);
        return new AnthropicEvent
        {
            Type = type,
            Index = index,
            DeltaType = deltaType,
            Piece = piece,
            Whole = type is "content_block_delta" or "content_block_stop" ? default : JsonElement.ParseValue(ref whole),
        };
    }

    private static void ReadDelta(ref Utf8JsonReader reader, ref string? type, ref string piece)
    {
        ModelJson.Expect(reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                type = ReadName(ref reader);
            }
            else if (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("partial_json"u8)
                || reader.ValueTextEquals("thinking"u8) || reader.ValueTextEquals("signature"u8))
            {
                reader.Read();
                ModelJson.Expect(reader.TokenType == JsonTokenType.String);
                piece = ModelJson.ReadPiece(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // The two names that nearly every event has need no new string.
    private static string? ReadName(ref Utf8JsonReader reader)
    {
        reader.Read();
        ModelJson.Expect(reader.TokenType == JsonTokenType.String);
        return reader.ValueTextEquals("content_block_delta"u8) ? "content_block_delta"
            : reader.ValueTextEquals("text_delta"u8) ? "text_delta"
            : reader.GetString();
    }
}
