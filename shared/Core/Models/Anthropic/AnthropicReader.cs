using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// Reads one answer of the Messages API. Thinking is passed on as it arrives; its seal (<see cref="SealedThinking"/>) follows when a block
/// of another type begins. Unknown blocks and deltas are skipped. Compatible servers leave out the ends of blocks, or the events after the
/// last block: a block ends with the message, and a message with its reason to stop or with <c>message_stop</c>.
/// Source: Claude API documentation, "Streaming messages".
/// </summary>
internal sealed class AnthropicReader(ProviderTransport transport, int maxChars) : AnswerReader(transport, maxChars)
{
    private readonly Dictionary<int, Block> _open = [];
    private readonly List<Block> _unfinished = [];
    private readonly List<ThinkingBlock> _thinking = [];
    private bool _sawBlock;
    private bool _sawReason;

    // A refusal may come without any block, but then it has a reason.
    protected override bool HasAnswer => _sawBlock || _sawReason;

    protected override void ReadDocument(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        var message = JsonElement.ParseValue(ref reader);
        CheckError(message);
        var before = Pieces.Count;
        ReadStart(message);
        var index = 0;
        foreach (var block in message.GetProperty("content").EnumerateArray())
        {
            StartBlock(index, block);
            EndBlock(index++);
        }

        HasTerminated = true;
        ReadEnd(message, before);
    }

    protected override void ReadEvent(string? name, ReadOnlySpan<byte> data)
    {
        var e = AnthropicEvent.Parse(data);
        var before = Pieces.Count;
        switch (e.Type ?? name)
        {
            case "message_start":
                ReadStart(e.Whole.GetProperty("message"));
                break;
            case "content_block_start":
                StartBlock(e.Index, e.Whole.GetProperty("content_block"));
                Note(before, null);
                break;
            case "content_block_delta":
                ReadDelta(_open[e.Index], e.DeltaType, e.Piece);
                Note(before, null);
                break;
            case "content_block_stop":
                EndBlock(e.Index);
                break;
            case "message_delta":
                ReadEnd(e.Whole.GetProperty("delta"), before);
                ReadUsage(e.Whole);
                break;
            case "message_stop":
                HasTerminated = true;
                break;
            default:
                CheckError(e.Whole);
                break;
        }
    }

    protected override void Complete(ChatFinishReason finish)
    {
        // Calls that have no end of their own get their input here, unless the answer was cut.
        foreach (var block in finish == ChatFinishReason.Length ? [] : _unfinished)
        {
            EndCall(block);
        }

        SealThinking();
    }

    private void CheckError(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object
            && (BareError.Is(element) || (element.TryGetProperty("error", out var error) && BareError.IsTold(error))))
        {
            throw Failed(UpstreamError.From(element));
        }
    }

    private void ReadStart(JsonElement message)
    {
        ResponseId = ModelJson.TextOf(message, "id");
        Model = ModelJson.TextOf(message, "model");
        ReadUsage(message);
    }

    private void ReadEnd(JsonElement ended, int before)
    {
        var reason = ModelJson.TextOf(ended, "stop_reason");
        _sawReason |= !string.IsNullOrEmpty(reason);
        StopSequence = ModelJson.TextOf(ended, "stop_sequence") ?? StopSequence;
        Note(before, reason);
    }

    private void StartBlock(int index, JsonElement block)
    {
        var type = block.GetProperty("type").GetString();
        var opened = new Block();
        _open[index] = opened; // a block whose number is used again has ended
        _sawBlock = true;
        if (type is "thinking" or "redacted_thinking")
        {
            var data = type == "redacted_thinking" ? block.GetProperty("data").GetString() : null;
            opened.Thinking = new ThinkingBlock(null, ModelJson.TextOf(block, "signature")) { RedactedData = data };
            Pieces.Take(opened.Thinking.Signature.Length + (data?.Length ?? 0));
            _thinking.Add(opened.Thinking);
            Think(opened.Thinking, ModelJson.PieceOf(block, "thinking") ?? "");
            return;
        }

        SealThinking();
        if (type == "text")
        {
            opened.IsText = true;
            Pieces.Text(ModelJson.PieceOf(block, "text") ?? "");
        }
        else if (type == "tool_use")
        {
            var id = block.GetProperty("id").GetString() ?? throw new JsonException();
            var name = block.GetProperty("name").GetString() ?? throw new JsonException();
            opened.Call = Pieces.StartCall(id, name);
            opened.Input = block.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.Object
                ? input.GetRawText()
                : "{}";
            _unfinished.Add(opened);
        }
    }

    private void ReadDelta(Block block, string? type, string piece)
    {
        switch (type)
        {
            case "text_delta":
                ModelJson.Expect(block.IsText);
                Pieces.Text(piece);
                break;
            case "input_json_delta" when block.Call is { } call && piece.Length > 0:
                block.Input = null;
                Pieces.Arguments(call, piece);
                break;
            case "thinking_delta":
                Think(block.Thinking ?? throw new JsonException(), piece);
                break;
            case "signature_delta":
                (block.Thinking ?? throw new JsonException()).Signature.Append(piece, 0, Pieces.Take(piece.Length));
                break;
        }
    }

    private void EndBlock(int index)
    {
        if (_open.Remove(index, out var block))
        {
            EndCall(block);
        }
    }

    // The first event has the whole input when a call has no arguments or the server sends them in one piece.
    private void EndCall(Block block)
    {
        if (block is { Call: { } call, Input: { } input })
        {
            block.Input = null;
            Pieces.Arguments(call, input);
        }
    }

    private void Think(ThinkingBlock block, string text)
    {
        block.Text.Append(text);
        Pieces.Reasoning(text);
    }

    private void SealThinking()
    {
        // Thinking of compatible servers may have no signature; it goes back to no other than them.
        var whole = _thinking.Where(block => block.Signature.Length + block.Text.Length > 0 || block.RedactedData is not null).ToList();
        _thinking.Clear();
        if (whole.Count > 0)
        {
            Pieces.Seal(SealedThinking.Seal(whole));
        }
    }

    private void ReadUsage(JsonElement message)
    {
        if (message.TryGetProperty("usage", out var element) && UsageReader.Read(element) is { } usage)
        {
            Usage = UsageReader.Later(Usage, usage);
        }
    }

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
