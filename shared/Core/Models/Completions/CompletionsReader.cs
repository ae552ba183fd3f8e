using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Completions;

/// <summary>
/// Turns the chunks of one chat completion into updates; a whole answer is a chunk whose choice has a <c>message</c>.
/// Only the first choice counts, unknown fields are skipped.
/// </summary>
internal sealed class CompletionsReader(ProviderTransport transport)
{
    private readonly CompletionsCalls _calls = new();
    private readonly List<AIContent> _contents = [];
    private readonly ReasoningDetails _details = new();
    private string _reasoningField = "reasoning";
    private string? _responseId;
    private string? _model;
    private UsageDetails? _usage;
    private ChatFinishReason? _finish;
    private bool _sawChoice;

    /// <summary>The model has given its finish reason; only usage may follow.</summary>
    public bool HasFinished => _finish is not null;

    /// <summary>Reads one chunk; null when it has no content yet.</summary>
    /// <exception cref="GatewayException">The provider's error, or <c>upstream_protocol</c>.</exception>
    public ChatResponseUpdate? Read(ReadOnlySpan<byte> chunk)
    {
        _contents.Clear();
        try
        {
            var reader = new Utf8JsonReader(chunk);
            ReadChunk(ref reader, chunk);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
        }

        return _contents.Count > 0 ? Update([.. _contents]) : null;
    }

    /// <summary>The last update, with finish reason and usage.</summary>
    /// <param name="sawDone">The provider sent <c>[DONE]</c>, which stands in for a missing finish reason.</param>
    /// <exception cref="GatewayException"><c>upstream_interrupted</c> when the answer has no end,
    /// <c>upstream_protocol</c> when there was none.</exception>
    public ChatResponseUpdate End(bool sawDone)
    {
        if (_finish is null && !sawDone)
        {
            throw new GatewayException(GatewayError.UpstreamInterrupted());
        }

        if (!_sawChoice || _calls.HasNameless)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol());
        }

        var finish = _finish ?? ChatFinishReason.Stop;
        var update = Update(_usage is null ? [] : [new UsageContent(_usage)]);
        if (_details.ToWhole() is { } details)
        {
            update.Contents.Insert(
                0, new TextReasoningContent("") { ProtectedData = new ChatReasoning(_reasoningField, details).Seal() });
        }

        update.FinishReason = finish == ChatFinishReason.Stop && !_calls.IsEmpty ? ChatFinishReason.ToolCalls : finish;
        return update;
    }

    private ChatResponseUpdate Update(List<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { ResponseId = _responseId, ModelId = _model };

    private void ReadChunk(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk)
    {
        ModelJson.Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                ReadChoices(ref reader, chunk);
            }
            else if (UsageReader.TryRead(ref reader, ref _usage))
            {
                continue;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                ReadError(ref reader);
            }
            else if (_responseId is null && reader.ValueTextEquals("id"u8))
            {
                _responseId = ModelJson.ReadString(ref reader);
            }
            else if (_model is null && reader.ValueTextEquals("model"u8))
            {
                _model = ModelJson.ReadString(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadError(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Null)
        {
            var error = UpstreamError.From(JsonElement.ParseValue(ref reader));
            transport.LogErrorInStream(error);
            throw new GatewayException(error.ToGatewayErrorInStream());
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
        var (isFirst, before) = (true, _contents.Count);
        ChatFinishReason? finish = null;
        IReadOnlyList<AIContent> logprobs = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                isFirst = reader.TokenType != JsonTokenType.Number || reader.GetInt32() == 0;
            }
            else if (isFirst && (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8)))
            {
                reader.Read();
                ReadDelta(ref reader, chunk);
            }
            else if (reader.ValueTextEquals("logprobs"u8))
            {
                reader.Read();
                logprobs = LogprobReader.ReadChoice(ref reader);
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                finish = FinishOf(ModelJson.ReadString(ref reader));
            }
            else if (UsageReader.TryRead(ref reader, ref _usage))
            {
                continue;
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                ReadError(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (isFirst)
        {
            _sawChoice = true;
            _contents.AddRange(logprobs);
            _finish = finish ?? _finish;
        }
        else
        {
            _contents.RemoveRange(before, _contents.Count - before);
        }
    }

    private void ReadDelta(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        ModelJson.Expect(reader.TokenType == JsonTokenType.StartObject);
        var (sawReasoning, detail) = (false, "");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                ReadContent(ref reader);
            }
            else if (!sawReasoning && (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8)))
            {
                // Some providers send the same piece under both names.
                var field = reader.ValueTextEquals("reasoning"u8) ? "reasoning" : ChatReasoning.DefaultField;
                sawReasoning = ModelJson.ReadString(ref reader) is { Length: > 0 } text && AddReasoning(text, field);
            }
            else if (reader.ValueTextEquals("reasoning_details"u8))
            {
                reader.Read();
                detail = _details.Add(JsonElement.ParseValue(ref reader));
            }
            else if (reader.ValueTextEquals("refusal"u8))
            {
                if (ModelJson.ReadString(ref reader) is { Length: > 0 } text)
                {
                    _contents.Add(new RefusalDelta(text));
                }
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                _calls.ReadArray(ref reader, chunk, _contents);
            }
            else if (reader.ValueTextEquals("function_call"u8))
            {
                reader.Read();
                _calls.ReadLegacy(ref reader, chunk, _contents);
            }
            else
            {
                reader.Skip();
            }
        }

        if (!sawReasoning && detail.Length > 0)
        {
            AddReasoning(detail, _reasoningField);
        }
    }

    private bool AddReasoning(string text, string field)
    {
        _reasoningField = field;
        _contents.Add(new TextReasoningContent(text) { ProtectedData = ChatReasoning.Of(field) });
        return true;
    }

    private void ReadContent(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (ModelJson.ReadText(ref reader) is { Length: > 0 } text)
            {
                _contents.Add(new TextContent(text));
            }
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
            else if (part.TryGetProperty("text", out var text) && text.GetString() is { Length: > 0 } value)
            {
                _contents.Add(isReasoning
                    ? new TextReasoningContent(value) { ProtectedData = ChatReasoning.Of(ChatReasoning.Parts) }
                    : new TextContent(value));
            }
        }
    }

    private static ChatFinishReason? FinishOf(string? reason) => reason switch
    {
        null or "" => null,
        "error" => throw new GatewayException(GatewayError.UpstreamInterrupted()),
        "length" or "max_tokens" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        _ => ChatFinishReason.Stop,
    };
}
