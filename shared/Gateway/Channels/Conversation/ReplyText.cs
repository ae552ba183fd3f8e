using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>What a person reads at the end of a run, as Markdown.</summary>
internal static class ReplyText
{
    private const string Nothing = "I have no answer to that.";

    /// <param name="problems">What went wrong with the message itself, for the person to know.</param>
    /// <param name="isShown">Whether the platform shows a message that the answer is to replace.</param>
    /// <returns>Null when there is nothing to say: the person stopped the run before anything was shown.</returns>
    public static string? Of(RunOutcome outcome, IReadOnlyList<string> problems, bool isShown = false)
    {
        if (outcome.End is RunCancelled && !isShown)
        {
            return null;
        }

        var paragraphs = outcome.Output.OfType<MessageItem>().Where(item => item.Role == "assistant").Select(TextOf)
            .Where(text => text.Length > 0).ToList();
        switch (outcome.End)
        {
            case RunFailed failed:
                paragraphs.Add(Of(failed.Error));
                break;
            case RunCancelled:
                paragraphs.Add("⏹️ Stopped here.");
                break;
            case RunIncomplete:
                paragraphs.Add("⚠️ The answer was cut off here.");
                break;
            default:
                if (paragraphs.Count == 0)
                {
                    paragraphs.Add(Nothing);
                }

                break;
        }

        return string.Join("\n\n", paragraphs.Concat(problems.Select(problem => "⚠️ " + problem)));
    }

    /// <summary>A failure in words; its message is meant for callers.</summary>
    public static string Of(GatewayError failure) => $"⚠️ I could not answer this: {failure.Message}";

    private static string TextOf(MessageItem item) => string.Concat(item.Content.Select(part => part switch
    {
        TextPart text => text.Text,
        RefusalPart refusal => refusal.Refusal,
        _ => "",
    })).Trim();
}
