using OpenClaw.Runs.Context;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Stored items as messages of the control plane.</summary>
internal static class MessageView
{
    /// <param name="runId">The run that the item belongs to; null when it is not known.</param>
    public static ChatMessage Of(StoredItem stored, string? runId = null)
    {
        var item = stored.Item;
        var key = (item as MessageItem)?.ClientKey;
        return Describe(item) with
        {
            Timestamp = stored.At?.ToUnixTimeMilliseconds(),
            IdempotencyKey = key,
            OpenclawAbort = item is MessageItem { Role: "assistant", Interrupted: true } ? new AbortMark(true, "rpc") : null,
            Mark = item.Id is not { } id ? null : new MessageMark(id)
            {
                Seq = stored.Seq >= 0 ? stored.Seq : null,
                RunId = runId ?? key,
                IdempotencyKey = key,
            },
        };
    }

    /// <param name="name">The name of the session for its reader.</param>
    public static SessionMessagePayload Wrap(StoredItem stored, string name, string agentId, string? runId = null) =>
        new(name, agentId, Of(stored, runId), stored.Item.Id) { MessageSeq = stored.Seq >= 0 ? stored.Seq : null };

    private static ChatMessage Describe(ConversationItem item) => item switch
    {
        MessageItem message => new ChatMessage(message.Role is "developer" ? "system" : message.Role, Parts(message.Content)),
        FunctionCallItem call => new ChatMessage(
            "assistant", [new ChatContent("toolCall") { Id = call.CallId, Name = call.Name, Arguments = call.Arguments }]),
        FunctionCallOutputItem output => new ChatMessage("toolResult", Parts(output.Output))
        {
            ToolCallId = output.CallId,
            IsError = output.IsError ? true : null,
        },
        ReasoningItem reasoning => new ChatMessage(
            "assistant", [new ChatContent("thinking") { Thinking = string.Join("\n\n", reasoning.Summary) }]),
        CompactionItem compaction => new ChatMessage("system", [new ChatContent("text") { Text = Compaction.Describe(compaction) }]),
        _ => throw new InvalidOperationException($"No form for {item.GetType().Name}."),
    };

    private static List<ChatContent> Parts(IReadOnlyList<ConversationPart> parts) => [.. parts.Select(part => part switch
    {
        TextPart text => new ChatContent("text") { Text = text.Text },
        RefusalPart refusal => new ChatContent("text") { Text = refusal.Refusal },
        FilePart file => new ChatContent("text") { Text = file.Label },
        ImagePart { Url: var url } when !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) =>
            new ChatContent("image") { Url = url },
        _ => new ChatContent("text") { Text = "[image]" },
    })];
}
