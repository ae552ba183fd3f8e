using OpenClaw.Sessions;

namespace OpenClaw.Runs;

/// <summary>The input, output and end of a run, before they are stored.</summary>
public sealed record RunOutcome(IReadOnlyList<ConversationItem> Input, IReadOnlyList<ConversationItem> Output, RunEnded End)
{
    /// <summary>The output without the calls that the gateway made itself.</summary>
    public IEnumerable<ConversationItem> Shown => Output.Where(IsShown);

    /// <summary>Whether clients of the model APIs see the item.</summary>
    public static bool IsShown(ConversationItem item) =>
        item is not (FunctionCallItem { IsOwn: true } or FunctionCallOutputItem { IsOwn: true });
}
