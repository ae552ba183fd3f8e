using OpenClaw.Runs.Context;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions;

/// <summary>Stored items as a transcript shows them.</summary>
public static class HistoryTranslation
{
    public static HistoryMessage ToHistoryMessage(this StoredItem stored) => Describe(stored) with
    {
        Id = stored.Item.Id,
        Interrupted = stored.Item.Interrupted,
        Timestamp = stored.At,
    };

    private static HistoryMessage Describe(StoredItem stored) => stored.Item switch
    {
        MessageItem message => new(stored.Seq, "message", message.Role, Text(message.Content)) { Images = Images(message.Content) },
        FunctionCallItem call => new(stored.Seq, "tool_call", "assistant", call.Arguments) { CallId = call.CallId, Name = call.Name },
        FunctionCallOutputItem output =>
            new(stored.Seq, "tool_result", "tool", Text(output.Output)) { CallId = output.CallId, Images = Images(output.Output) },
        ReasoningItem reasoning => new(stored.Seq, "reasoning", "assistant", string.Join("\n\n", reasoning.Summary)),
        CompactionItem compaction => new(stored.Seq, "compaction", "system", Compaction.Describe(compaction)),
        _ => throw new InvalidOperationException($"No form for {stored.Item.GetType().Name}."),
    };

    private static string Text(IReadOnlyList<ConversationPart> parts) => string.Concat(parts.Select(p => p switch
    {
        TextPart text => text.Text,
        RefusalPart refusal => refusal.Refusal,
        FilePart file => file.Label,
        _ => "",
    }));

    private static List<string>? Images(IReadOnlyList<ConversationPart> parts) =>
        parts.OfType<ImagePart>().Select(p => p.Url).Where(
            u => !u.StartsWith("data:", StringComparison.OrdinalIgnoreCase)).ToList() is { Count: > 0 } images ? images : null;
}
