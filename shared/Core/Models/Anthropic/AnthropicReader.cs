using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// Turns the events of one Messages answer into updates. Thinking is passed on as it arrives; its seal (<see cref="SealedThinking"/>)
/// follows when a block of another type begins. Unknown blocks and deltas are skipped.
/// Source: Claude API documentation, "Streaming messages".
/// </summary>
internal sealed class AnthropicReader(ProviderTransport transport)
{
    private readonly Dictionary<int, Block> _open = [];
    private readonly List<ThinkingBlock> _thinking = [];
    private readonly List<AIContent> _contents = [];
    private string? _responseId;
    private string? _model;
    private UsageDetails? _usage;
    private ChatFinishReason? _finish;
    private string? _stopSequence;
    private int _calls;

    /// <summary>The terminal event was read.</summary>
    public bool HasFinished { get; private set; }

    /// <summary>Reads one event; null when it has no new content.</summary>
    /// <exception cref="GatewayException">The provider's error, or <c>upstream_protocol</c>.</exception>
    public ChatResponseUpdate? Read(ReadOnlySpan<byte> data)
    {
        _contents.Clear();
        try
        {
            ReadEvent(AnthropicEvent.Parse(data));
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
        }

        return _contents.Count > 0 ? Update([.. _contents]) : null;
    }

    /// <summary>Reads a whole message, from a server that does not stream.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public ChatResponseUpdate ReadWhole(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            ReadMessage(JsonElement.ParseValue(ref reader));
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
        }

        return Update([.. _contents]);
    }

    /// <summary>The last update, with finish reason and usage.</summary>
    /// <exception cref="GatewayException"><c>upstream_interrupted</c> when the answer has no end,
    /// <c>upstream_protocol</c> when a block of it has no end.</exception>
    public ChatResponseUpdate End()
    {
        if (!HasFinished)
        {
            throw new GatewayException(GatewayError.UpstreamInterrupted());
        }

        if (_finish is null || _open.Count > 0)
        {
            throw new GatewayException(GatewayError.UpstreamProtocol());
        }

        _contents.Clear();
        SealThinking();
        if (_usage is not null)
        {
            _contents.Add(new UsageContent(_usage));
        }

        var update = Update([.. _contents]);
        update.FinishReason = _finish;
        if (_stopSequence is not null)
        {
            update.AdditionalProperties = new AdditionalPropertiesDictionary { [ModelProperties.StopSequence] = _stopSequence };
        }

        return update;
    }

    private void ReadMessage(JsonElement message)
    {
        if (message.GetProperty("type").GetString() == "error")
        {
            throw Failed(message);
        }

        ReadStart(message);
        var index = 0;
        foreach (var block in message.GetProperty("content").EnumerateArray())
        {
            StartBlock(index, block);
            EndBlock(index++);
        }

        _finish = FinishOf(message.GetProperty("stop_reason").GetString());
        ReadStopSequence(message);
        HasFinished = true;
    }

    private void ReadEvent(AnthropicEvent e)
    {
        switch (e.Type)
        {
            case "message_start":
                ReadStart(e.Whole.GetProperty("message"));
                break;
            case "content_block_start":
                StartBlock(e.Index, e.Whole.GetProperty("content_block"));
                break;
            case "content_block_delta":
                ReadDelta(_open[e.Index], e.DeltaType, e.Piece);
                break;
            case "content_block_stop":
                EndBlock(e.Index);
                break;
            case "message_delta":
                var hasReason = e.Whole.GetProperty("delta").TryGetProperty("stop_reason", out var reason);
                _finish = FinishOf(hasReason ? reason.GetString() : null) ?? _finish;
                ReadStopSequence(e.Whole.GetProperty("delta"));
                ReadUsage(e.Whole);
                break;
            case "message_stop":
                HasFinished = true;
                break;
            case "error":
                throw Failed(e.Whole);
        }
    }

    private void ReadStart(JsonElement message)
    {
        _responseId = message.TryGetProperty("id", out var id) ? id.GetString() : null;
        _model = message.TryGetProperty("model", out var model) ? model.GetString() : null;
        ReadUsage(message);
    }

    private void ReadStopSequence(JsonElement ended) =>
        _stopSequence = ended.TryGetProperty("stop_sequence", out var sequence) && sequence.ValueKind == JsonValueKind.String
            ? sequence.GetString()
            : _stopSequence;

    private void StartBlock(int index, JsonElement block)
    {
        var type = block.GetProperty("type").GetString();
        var opened = new Block();
        ModelJson.Expect(_open.TryAdd(index, opened));
        if (type is "thinking" or "redacted_thinking")
        {
            opened.Thinking = new ThinkingBlock(null, Text(block, "signature"))
            {
                RedactedData = type == "redacted_thinking" ? block.GetProperty("data").GetString() : null,
            };
            _thinking.Add(opened.Thinking);
            Think(opened.Thinking, Text(block, "thinking"));
            return;
        }

        SealThinking();
        if (type == "text")
        {
            opened.IsText = true;
            Say(Text(block, "text"));
        }
        else if (type == "tool_use")
        {
            opened.Call = _calls++;
            opened.Input = block.TryGetProperty("input", out var input) ? input.GetRawText() : "{}";
            var id = block.GetProperty("id").GetString() ?? throw new JsonException();
            var name = block.GetProperty("name").GetString() ?? throw new JsonException();
            _contents.Add(new ToolCallDelta(opened.Call.Value, id, name, ""));
        }
    }

    private void ReadDelta(Block block, string? type, string piece)
    {
        switch (type)
        {
            case "text_delta":
                ModelJson.Expect(block.IsText);
                Say(piece);
                break;
            case "input_json_delta" when block.Call is { } call && piece.Length > 0:
                block.Input = null;
                _contents.Add(new ToolCallDelta(call, null, null, piece));
                break;
            case "thinking_delta":
                Think(block.Thinking ?? throw new JsonException(), piece);
                break;
            case "signature_delta":
                (block.Thinking ?? throw new JsonException()).Signature.Append(piece);
                break;
        }
    }

    // The first event has the whole input when a call has no arguments or the server sends them in one piece.
    private void EndBlock(int index)
    {
        ModelJson.Expect(_open.Remove(index, out var block));
        if (block is { Call: { } call, Input: { } input })
        {
            _contents.Add(new ToolCallDelta(call, null, null, input));
        }
    }

    private void Say(string text)
    {
        if (text.Length > 0)
        {
            _contents.Add(new TextContent(text));
        }
    }

    private void Think(ThinkingBlock block, string text)
    {
        block.Text.Append(text);
        if (text.Length > 0)
        {
            _contents.Add(new TextReasoningContent(text));
        }
    }

    private void SealThinking()
    {
        // Thinking of compatible servers may have no signature; it goes back to no other than them.
        var whole = _thinking.Where(block => block.Signature.Length + block.Text.Length > 0 || block.RedactedData is not null).ToList();
        _thinking.Clear();
        if (whole.Count > 0)
        {
            _contents.Add(new TextReasoningContent("") { ProtectedData = SealedThinking.Seal(whole) });
        }
    }

    private void ReadUsage(JsonElement message)
    {
        if (message.TryGetProperty("usage", out var element) && UsageReader.Read(element) is { } usage)
        {
            _usage = UsageReader.Later(_usage, usage);
        }
    }

    private GatewayException Failed(JsonElement element)
    {
        var error = UpstreamError.From(element);
        transport.LogErrorInStream(error);
        return new GatewayException(error.ToGatewayErrorInStream());
    }

    private ChatResponseUpdate Update(List<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { ResponseId = _responseId, ModelId = _model };

    private static string Text(JsonElement block, string name) => block.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";

    private static ChatFinishReason? FinishOf(string? reason) => reason switch
    {
        null or "" => null,
        "max_tokens" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "tool_use" => ChatFinishReason.ToolCalls,
        "refusal" => ChatFinishReason.ContentFilter,
        _ => ChatFinishReason.Stop, // end_turn, stop_sequence, and pause_turn, which only server-side tools cause
    };

    private sealed class Block
    {
        public bool IsText { get; set; }

        public ThinkingBlock? Thinking { get; set; }

        /// <summary>Which call this is, from 0; null for other blocks.</summary>
        public int? Call { get; set; }

        /// <summary>The call's arguments from its first event; used when no pieces follow.</summary>
        public string? Input { get; set; }
    }
}
