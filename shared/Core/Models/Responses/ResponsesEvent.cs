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

    public int OutputIndex { get; private init; }

    public string Delta { get; private init; }

    /// <summary>Of the tokens of <see cref="Delta"/>; null when there are none.</summary>
    public IReadOnlyList<TokenLogprob>? Logprobs { get; private init; }

    public JsonElement Item { get; private init; }

    public JsonElement Response { get; private init; }

    /// <summary>The event itself, for <c>error</c>.</summary>
    public JsonElement Whole { get; private init; }

    public static ResponsesEvent Parse(ReadOnlySpan<byte> data)
    {
        var type = TypeOf(data);
        var isDelta = type?.EndsWith(".delta", StringComparison.Ordinal) == true;
        if (type is not ("error" or "response.created" or "response.completed" or "response.incomplete" or "response.done"
            or "response.failed" or "response.cancelled" or "response.output_item.added" or "response.output_item.done") && !isDelta)
        {
            return new ResponsesEvent { Type = type, Delta = "" };
        }

        var reader = new Utf8JsonReader(data);
        if (!isDelta)
        {
            var whole = JsonElement.ParseValue(ref reader);
            return new ResponsesEvent
            {
                Type = type,
                Delta = "",
                OutputIndex = whole.TryGetProperty("output_index", out var number) ? number.GetInt32() : 0,
                Item = whole.TryGetProperty("item", out var item) ? item : Nothing,
                Response = whole.TryGetProperty("response", out var response) ? response : Nothing,
                Whole = whole,
            };
        }

        var (delta, index) = ("", 0);
        IReadOnlyList<TokenLogprob>? logprobs = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                delta = ModelJson.ReadString(ref reader) ?? "";
            }
            else if (reader.ValueTextEquals("output_index"u8))
            {
                reader.Read();
                index = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("logprobs"u8))
            {
                reader.Read();
                logprobs = LogprobReader.Read(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ResponsesEvent { Type = type, Delta = delta, OutputIndex = index, Logprobs = logprobs };
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
}
