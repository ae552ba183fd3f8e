using OpenClaw.Sessions;

namespace OpenClaw.Runs.Calls;

/// <summary>Numbers the items that clients see, over all steps of a run, and leaves out calls that the gateway makes itself.</summary>
/// <param name="isOwn">Whether a tool of this name is the gateway's.</param>
/// <param name="next">Number of the first item.</param>
internal sealed class ShownOutput(Func<string, bool> isOwn, int next)
{
    private int _next = next;
    private int _index;
    private bool _isHidden;

    /// <summary>The event as clients see it; null when they do not. Items come one after the other.</summary>
    public RunEvent? Show(RunEvent runEvent)
    {
        if (runEvent is ItemStarted started)
        {
            _isHidden = started.Item is FunctionCallItem call && isOwn(call.Name);
            _index = _isHidden ? _index : _next++;
        }

        return _isHidden ? null : runEvent switch
        {
            ItemStarted begun => begun with { Index = _index },
            TextDelta delta => delta with { Index = _index },
            RefusalTextDelta delta => delta with { Index = _index },
            ReasoningDelta delta => delta with { Index = _index },
            ArgumentsDelta delta => delta with { Index = _index },
            ItemCompleted completed => completed with { Index = _index },
            _ => runEvent,
        };
    }
}
