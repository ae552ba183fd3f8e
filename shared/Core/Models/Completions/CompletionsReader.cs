using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Completions;

/// <summary>
/// Reads one chat completion. The choice of a chunk has a <c>delta</c>, that of a whole answer a <c>message</c>. Some servers repeat in a
/// <c>message</c> of each chunk what they have said so far, so it is read only where there is no delta. Only the first choice counts,
/// unknown fields are skipped.
/// </summary>
internal sealed class CompletionsReader : AnswerReader
{
    private readonly CompletionsCalls _calls;
    private readonly SentText _text = new();
    private readonly SentText _reasoning = new();
    private readonly SentText _refusal = new();
    private readonly ReasoningDetails _details = new();
    private string _reasoningField = "reasoning";
    private bool _sawChoice;
    private bool _sawDelta;

    public CompletionsReader(ProviderTransport transport, int maxChars)
        : base(transport, maxChars) => _calls = new CompletionsCalls(Pieces);

    protected override bool HasAnswer => _sawChoice;

    protected override void ReadDocument(ReadOnlySpan<byte> document)
    {
        ReadEvent(null, document);
        HasTerminated = !_sawDelta;
    }

    protected override void ReadEvent(string? name, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        var sawChoices = false;
        ModelJson.Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                sawChoices = true;
                reader.Read();
                ReadChoices(ref reader, data);
            }
            else if (ReadUsage(ref reader))
            {
                continue;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                ReadError(ref reader);
            }
            else if (ResponseId is null && reader.ValueTextEquals("id"u8))
            {
                ResponseId = ModelJson.ReadString(ref reader);
            }
            else if (Model is null && reader.ValueTextEquals("model"u8))
            {
                Model = ModelJson.ReadString(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (!sawChoices)
        {
            CheckBareError(data);
        }
    }

    protected override void Complete(ChatFinishReason finish)
    {
        if (_calls.HasNameless && finish != ChatFinishReason.Length)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol());
        }

        if (_details.ToWhole() is { } details)
        {
            Pieces.Seal(new ChatReasoning(_reasoningField, details).Seal());
        }
    }

    private bool ReadUsage(ref Utf8JsonReader reader)
    {
        var usage = Usage;
        var isUsage = UsageReader.TryRead(ref reader, ref usage);
        Usage = usage;
        return isUsage;
    }

    private void ReadError(ref Utf8JsonReader reader)
    {
        reader.Read();
        var error = JsonElement.ParseValue(ref reader);
        if (BareError.IsTold(error))
        {
            throw Failed(UpstreamError.From(error));
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        ModelJson.Expect(reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadChoice(ref reader, chunk);
        }
    }

    private void ReadChoice(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk)
    {
        var (isFirst, hasDelta, hasMessage) = (true, false, false);
        Utf8JsonReader delta = default, message = default;
        string? finish = null;
        IReadOnlyList<AIContent> logprobs = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                isFirst = reader.TokenType != JsonTokenType.Number || reader.GetInt32() == 0;
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                hasDelta = Remember(ref reader, ref delta);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                hasMessage = Remember(ref reader, ref message);
            }
            else if (reader.ValueTextEquals("logprobs"u8))
            {
                reader.Read();
                logprobs = LogprobReader.ReadChoice(ref reader);
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                finish = ModelJson.ReadString(ref reader);
            }
            else if (ReadUsage(ref reader))
            {
                continue;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                ReadError(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (!isFirst)
        {
            return;
        }

        _sawChoice = true;
        var before = Pieces.Count;
        _sawDelta |= hasDelta;
        if (hasDelta)
        {
            ReadMessage(ref delta, chunk, isWhole: false);
        }
        else if (hasMessage)
        {
            ReadMessage(ref message, chunk, isWhole: true);
        }

        foreach (var content in logprobs.OfType<LogprobsContent>())
        {
            Pieces.Logprobs(content);
        }

        Note(before, finish);
    }

    // The other fields of the choice decide whether this one counts, and may follow it.
    private static bool Remember(ref Utf8JsonReader reader, ref Utf8JsonReader value)
    {
        reader.Read();
        ModelJson.Expect(reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null);
        value = reader;
        reader.Skip();
        return value.TokenType == JsonTokenType.StartObject;
    }

    /// <param name="isWhole">Whether it says the whole answer so far, as opposed to a piece.</param>
    private void ReadMessage(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk, bool isWhole)
    {
        var (sawReasoning, detail) = (false, "");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                ReadContent(ref reader, isWhole);
            }
            else if (!sawReasoning && (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8)))
            {
                // Some providers send the same piece under both names.
                var field = reader.ValueTextEquals("reasoning"u8) ? "reasoning" : ChatReasoning.DefaultField;
                sawReasoning = AddReasoning(_reasoning.New(ModelJson.ReadPieceValue(ref reader), isWhole), field);
            }
            else if (reader.ValueTextEquals("reasoning_details"u8))
            {
                reader.Read();
                detail = _details.Add(JsonElement.ParseValue(ref reader));
            }
            else if (reader.ValueTextEquals("refusal"u8))
            {
                Pieces.Refusal(_refusal.New(ModelJson.ReadPieceValue(ref reader), isWhole));
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                _calls.ReadArray(ref reader, chunk, isWhole);
            }
            else if (reader.ValueTextEquals("function_call"u8))
            {
                reader.Read();
                _calls.ReadLegacy(ref reader, chunk, isWhole);
            }
            else
            {
                reader.Skip();
            }
        }

        if (!sawReasoning && detail.Length > 0)
        {
            AddReasoning(_reasoning.New(detail, isWhole), _reasoningField);
        }
    }

    private bool AddReasoning(string piece, string field)
    {
        if (piece.Length == 0)
        {
            return false;
        }

        _reasoningField = field;
        Pieces.Reasoning(piece, protectedData: ChatReasoning.Of(field));
        return true;
    }

    private void ReadContent(ref Utf8JsonReader reader, bool isWhole)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            Pieces.Text(_text.New(ModelJson.ReadPiece(ref reader), isWhole));
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            var parts = JsonElement.ParseValue(ref reader);
            ModelJson.Expect(parts.ValueKind == JsonValueKind.Array);
            AddParts(parts, isReasoning: false);
        }
    }

    // [{"type":"text","text":"…"}], and Mistral's {"type":"thinking","thinking":[{"type":"text",…}]}.
    private void AddParts(JsonElement parts, bool isReasoning)
    {
        foreach (var part in parts.EnumerateArray())
        {
            if (part.TryGetProperty("thinking", out var thinking) && thinking.ValueKind == JsonValueKind.Array)
            {
                AddParts(thinking, isReasoning: true);
            }
            else if (ModelJson.PieceOf(part, "text") is { } text)
            {
                if (isReasoning)
                {
                    Pieces.Reasoning(_reasoning.New(text, isWhole: false), protectedData: ChatReasoning.Of(ChatReasoning.Parts));
                }
                else
                {
                    Pieces.Text(_text.New(text, isWhole: false));
                }
            }
        }
    }
}
