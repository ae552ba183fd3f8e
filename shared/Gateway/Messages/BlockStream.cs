using OpenClaw.Runs;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Messages;

/// <summary>Numbers the blocks of one stream. Items come one after the other, so at most one block is open. A block of text or thinking
/// begins with its first delta, because an item without content gives no block.</summary>
internal sealed class BlockStream(ThinkingDisplay thinking)
{
    private int _next;
    private bool _isOpen;

    public bool HasCalls { get; private set; }

    public bool IsRefusal { get; private set; }

    /// <summary>The stream's events for one event of the run.</summary>
    public IEnumerable<MessageEvent> Add(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case TextDelta text:
                return Append(new TextBlock(""), new TextBlockDelta(text.Text));
            case RefusalTextDelta refusal:
                IsRefusal = true;
                return Append(new TextBlock(""), new TextBlockDelta(refusal.Text));
            case ReasoningDelta reasoning when thinking == ThinkingDisplay.Shown:
                return Append(new ThinkingBlock("", ""), new ThinkingBlockDelta(reasoning.Text));
            case ItemStarted { Item: FunctionCallItem call }:
                HasCalls = true;
                return Open((ToolUseBlock)MessageContent.ToBlock(call with { Arguments = "{}" }, showsText: false)!);
            case ArgumentsDelta arguments:
                return [new ContentBlockDelta(_next, new InputJsonDelta(arguments.Text))];
            case ItemCompleted { Item: ReasoningItem item }:
                return thinking == ThinkingDisplay.None
                    ? []
                    : CloseThinking(MessageContent.ToBlock(item, thinking == ThinkingDisplay.Shown));
            case ItemCompleted:
                return Close();
            default:
                return [];
        }
    }

    private IEnumerable<MessageEvent> Append(ContentBlock empty, BlockDelta delta) =>
        [.. Open(empty), new ContentBlockDelta(_next, delta)];

    private IEnumerable<MessageEvent> Open(ContentBlock empty)
    {
        if (_isOpen)
        {
            return [];
        }

        _isOpen = true;
        return [new ContentBlockStart(_next, empty)];
    }

    /// <summary>The signature comes last. Thinking whose text was not streamed has no other delta.</summary>
    private IEnumerable<MessageEvent> CloseThinking(ContentBlock? whole) => whole switch
    {
        ThinkingBlock { Signature: { Length: > 0 } signature } =>
            [.. Append(new ThinkingBlock("", ""), new SignatureDelta(signature)), .. Close()],
        RedactedThinkingBlock => [.. Open(whole), .. Close()],
        _ => Close(),
    };

    private IEnumerable<MessageEvent> Close()
    {
        if (!_isOpen)
        {
            return [];
        }

        _isOpen = false;
        return [new ContentBlockStop(_next++)];
    }
}
