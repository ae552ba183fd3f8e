using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary>Drops the oldest part of a conversation that is too long for the model, for callers that ask for it. A part begins with a
/// message of the user, so that calls stay with their results. System and developer messages and summaries stay.
/// Source: OpenAI API reference, Responses, <c>truncation</c>.</summary>
internal static class Truncation
{
    /// <summary>Where the conversation should begin, at about half of what is left.</summary>
    /// <param name="start">Where it begins now.</param>
    /// <returns>The index of a later message of the user; null when there is none.</returns>
    public static int? Next(IReadOnlyList<ConversationItem> items, int start)
    {
        var begins = Enumerable.Range(start + 1, Math.Max(0, items.Count - start - 1)).Where(i => IsTurn(items[i])).ToList();
        return begins.Count == 0 ? null
            : begins.Find(i => i >= start + ((items.Count - start) / 2)) is > 0 and var middle ? middle : begins[^1];
    }

    public static IEnumerable<ConversationItem> From(IReadOnlyList<ConversationItem> items, int start) =>
        items.Where((item, i) => i >= start || item is CompactionItem or MessageItem { Role: "system" or "developer" });

    private static bool IsTurn(ConversationItem item) => item is MessageItem { Role: "user" };
}
