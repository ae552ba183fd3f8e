using OpenClaw.Models.Completions;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary>
/// Makes a conversation one that every provider accepts, before each request. Stored sessions and histories that callers bring can hold
/// calls that were never answered, calls cut off in the middle, results that came late, twice, or after their call was summed up.
/// <code>
/// (1) each result finds its call          a result without a call becomes a user message
/// (2) ids of calls become unique          a provider may repeat them in every answer
/// (3) for each answer: its items, then the results of its calls
///       no result            "No result"
///       cut off, no result   the call is left out
///       cut off, answered    arguments {} where they are not whole
///       empty message        left out; the last one of the user stays, as "…"
///       reasoning            only before what it led to
/// </code>
/// What differs between APIs (merging of roles, first role, forms of ids) is done where their requests are written.
/// </summary>
internal static class HistoryRepair
{
    private const int MaxNameLength = 64;

    public static List<ConversationItem> Apply(IEnumerable<ConversationItem> conversation)
    {
        var items = conversation.Where(item => item is not MessageItem { Role: "system" or "developer" }).ToList();
        var calls = AnsweredCalls.Of(items);
        var repaired = new List<ConversationItem>(items.Count);
        var answer = new List<ConversationItem>();
        var lastUser = items.FindLastIndex(item => item is MessageItem { Role: "user" });
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            if (calls.IsResult(i))
            {
                continue; // it stands after its call
            }

            if (AnsweredCalls.IsOfAnswer(item))
            {
                if (calls.Fit(i) is { } kept)
                {
                    answer.Add(kept);
                }

                if (i + 1 < items.Count && AnsweredCalls.IsOfAnswer(items[i + 1]))
                {
                    continue;
                }

                CloseAnswer();
                continue;
            }

            if (item is FunctionCallOutputItem orphan)
            {
                AddOrphan(repaired, orphan);
            }
            else if (item is not MessageItem message || !IsEmpty(message))
            {
                repaired.Add(item);
            }
            else if (i == lastUser && i == items.Count - 1)
            {
                repaired.Add(message with { Content = [new TextPart("…")] }); // without it the model would continue its own answer
            }
        }

        return repaired;

        void CloseAnswer()
        {
            OrderReasoning(answer);
            repaired.AddRange(answer);
            repaired.AddRange(answer.OfType<FunctionCallItem>().Select(calls.ResultOf));
            answer.Clear();
        }
    }

    internal static bool IsEmpty(MessageItem message) => !message.Content.Any(part => part switch
    {
        TextPart text => !string.IsNullOrWhiteSpace(text.Text),
        RefusalPart refusal => !string.IsNullOrWhiteSpace(refusal.Refusal),
        _ => true,
    });

    /// <summary>A tool's name in the characters that providers take.</summary>
    internal static string NameOf(string name)
    {
        var legal = string.Concat(name.Take(MaxNameLength).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
        return legal.Length == 0 ? "_" : legal;
    }

    /// <summary>Reasoning after the last message or call led to nothing, and providers refuse it there. What chat completions providers
    /// attach belongs to the message as a whole, and comes after it: it moves before the message.</summary>
    private static void OrderReasoning(List<ConversationItem> answer)
    {
        var last = answer.FindLastIndex(item => item is not ReasoningItem);
        if (last < 0)
        {
            answer.Clear();
            return;
        }

        var attached = answer.Skip(last + 1).Cast<ReasoningItem>().Where(item => ChatReasoning.IsOne(item.EncryptedContent)).ToList();
        answer.RemoveRange(last + 1, answer.Count - last - 1);
        answer.InsertRange(answer.FindLastIndex(item => item is ReasoningItem) + 1, attached);
    }

    private static void AddOrphan(List<ConversationItem> repaired, FunctionCallOutputItem result)
    {
        var said = new MessageItem("user", result.Output);
        if (!IsEmpty(said))
        {
            repaired.Add(said with { Content = [new TextPart("Result of an earlier tool call:\n"), .. result.Output] });
        }
    }
}
