using OpenClaw.Models;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>Conversation items in the form of the resource.</summary>
internal static class ResponseItems
{
    public const string Completed = "completed";
    public const string Queued = "queued";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";
    public const string InProgress = "in_progress";
    public const string Incomplete = "incomplete";

    public static ResponseItem ToResponseItem(this ConversationItem item, string? status = null)
    {
        var id = item.Id ?? throw new InvalidOperationException("A stored item has no id.");
        var state = status ?? (item.Interrupted ? Incomplete : Completed);
        return item switch
        {
            MessageItem message =>
                new ResponseMessage(message.Role, state, [.. message.Content.Select(p => ToPart(p, message.Role))])
                {
                    Id = id,
                    Phase = message.Phase
                },
            FunctionCallItem call => new ResponseFunctionCall(call.CallId, call.Name, call.Arguments, state)
            {
                Id = id,
                ExtraContent = CallExtra.Field(call.Extra, "extra_content"),
                ProviderSpecificFields = CallExtra.Field(call.Extra, "provider_specific_fields"),
            },
            FunctionCallOutputItem output =>
                new ResponseFunctionCallOutput(output.CallId, [.. output.Output.Select(p => ToPart(p, "tool"))], state) { Id = id },
            ReasoningItem reasoning =>
                new ResponseReasoningItem(
                [.. reasoning.Summary.Select(s => new ResponseSummaryText(s))])
                {
                    Id = id,
                    EncryptedContent = reasoning.EncryptedContent
                },
            CompactionItem compaction => new ResponseCompaction(compaction.EncryptedContent) { Id = id },
            _ => throw new InvalidOperationException($"No resource form for {item.GetType().Name}."),
        };
    }

    public static ResponseUsage ToResponseUsage(this RunUsage usage) => new(usage.InputTokens, usage.OutputTokens, usage.TotalTokens)
    {
        InputTokensDetails = new ResponseInputTokensDetails(usage.CachedTokens),
        OutputTokensDetails = new ResponseOutputTokensDetails(usage.ReasoningTokens),
    };

    private static ResponsePart ToPart(ConversationPart part, string role) => part switch
    {
        TextPart text when role == "assistant" => new ResponseOutputText(text.Text) { Logprobs = ResponseLogprob.Of(text.Logprobs) },
        TextPart text => new ResponseInputText(text.Text),
        RefusalPart refusal => new ResponseRefusal(refusal.Refusal),
        ImagePart image => new ResponseInputImage(image.Url, image.Detail ?? "auto"),
        FilePart file => new ResponseInputFile { Filename = file.Name },
        _ => throw new InvalidOperationException($"No resource form for {part.GetType().Name}."),
    };
}
