using OpenClaw.Sessions;

namespace OpenClaw.Runs.Calls;

/// <summary>Shorter forms of results.</summary>
internal static class ToolText
{
    private const int OfEvent = 8_000;

    private const int OfLongPrompt = 4_000;

    /// <summary>For readers of events: text only, and not much.</summary>
    public static FunctionCallOutputItem ForEvent(FunctionCallOutputItem result) => result with
    {
        Output = [.. result.Output.Select(part => part is TextPart text ? Cut(text, OfEvent) : new TextPart("[media]"))],
    };

    /// <summary>For a prompt that is too long; null when there is nothing to cut.</summary>
    public static FunctionCallOutputItem? Shorten(FunctionCallOutputItem result) =>
        result.Output.Any(part => part is not TextPart { Text.Length: <= OfLongPrompt })
            ? result with
            {
                Output = [.. result.Output.Select(
                    part => part is TextPart text ? Cut(text, OfLongPrompt) : new TextPart("[left out: the conversation is too long]"))],
            }
            : null;

    private static TextPart Cut(TextPart part, int most)
    {
        if (part.Text.Length <= most)
        {
            return part;
        }

        var end = char.IsHighSurrogate(part.Text[most - 1]) ? most - 1 : most;
        return new TextPart(part.Text[..end] + "\n[cut here]");
    }
}
