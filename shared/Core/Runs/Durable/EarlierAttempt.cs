using System.Text;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Durable;

/// <summary>The output that a dead attempt had already shown. The numbers of its items continue in the next attempt.</summary>
/// <param name="NextIndex">The number after its last output item.</param>
/// <param name="HasStarted">Whether the run's start was shown.</param>
/// <param name="Closing">Events that close the item that it left open; the item is marked as cut off.</param>
internal sealed record EarlierAttempt(int NextIndex, bool HasStarted, IReadOnlyList<RunEvent> Closing)
{
    public static EarlierAttempt None { get; } = new(0, false, []);

    /// <summary>The first events of the next attempt: the open item is closed, and the run has resumed.</summary>
    /// <param name="attempt">The number of the next attempt.</param>
    public IEnumerable<RunEvent> ClosingOf(int attempt) => NextIndex > 0 ? [.. Closing, new RunResumed(attempt)] : Closing;

    public static EarlierAttempt Of(IEnumerable<RunEvent> events)
    {
        var (next, hasStarted) = (0, false);
        ItemStarted? open = null;
        var (text, refusal) = (new StringBuilder(), new StringBuilder());
        foreach (var runEvent in events)
        {
            switch (runEvent)
            {
                case RunStarted:
                    hasStarted = true;
                    break;
                case ItemStarted started:
                    (open, next) = (started, started.Index + 1);
                    text.Clear();
                    refusal.Clear();
                    break;
                case TextDelta delta:
                    text.Append(delta.Text);
                    break;
                case RefusalTextDelta delta:
                    refusal.Append(delta.Text);
                    break;
                case ReasoningDelta delta:
                    text.Append(delta.Text);
                    break;
                case ArgumentsDelta delta:
                    text.Append(delta.Text);
                    break;
                case ItemCompleted:
                    open = null;
                    break;
            }
        }

        return new EarlierAttempt(
            next, hasStarted, open is null ? [] : [new ItemCompleted(open.Index, Cut(open.Item, text.ToString(), refusal.ToString()))]);
    }

    private static ConversationItem Cut(ConversationItem item, string text, string refusal) => item switch
    {
        MessageItem message => message with { Content = [.. Parts(text, refusal)], Interrupted = true },
        FunctionCallItem call => call with { Arguments = text, Interrupted = true },
        ReasoningItem reasoning => reasoning with { Summary = text.Length > 0 ? [text] : [], Interrupted = true },
        _ => item with { Interrupted = true },
    };

    private static IEnumerable<ConversationPart> Parts(string text, string refusal)
    {
        if (text.Length > 0 || refusal.Length == 0)
        {
            yield return new TextPart(text);
        }

        if (refusal.Length > 0)
        {
            yield return new RefusalPart(refusal);
        }
    }
}
