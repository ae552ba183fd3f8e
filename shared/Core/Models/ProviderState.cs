using Microsoft.Extensions.AI;
using OpenClaw.Models.Anthropic;
using OpenClaw.Models.Completions;

namespace OpenClaw.Models;

/// <summary>
/// State in a history that providers need back: reasoning, and what they attached to calls. It goes back to the provider that made it,
/// or to a model of the same family; others would refuse it. What came from the caller has no known origin and is kept: the writers
/// of requests know what their API takes.
/// </summary>
internal static class ProviderState
{
    /// <summary>The messages without the state of other providers than this model's.</summary>
    public static IReadOnlyList<ChatMessage> Fit(IReadOnlyList<ChatMessage> messages, ModelTarget target) =>
        messages.Any(message => message.Contents.Any(content => IsForeign(content, target)))
            ? [.. messages.Select(message => Fit(message, target))]
            : messages;

    private static ChatMessage Fit(ChatMessage message, ModelTarget target)
    {
        if (!message.Contents.Any(content => IsForeign(content, target)))
        {
            return message;
        }

        var fitted = message.Clone();
        fitted.Contents =
        [
            .. message.Contents.Where(content => content is not TextReasoningContent || !IsForeign(content, target))
                .Select(content => content is RawFunctionCall call && IsForeign(call, target)
                    ? new RawFunctionCall(call.CallId, call.Name, call.ArgumentsText)
                    : content),
        ];
        return fitted;
    }

    private static bool IsForeign(AIContent content, ModelTarget target) =>
        content is TextReasoningContent or RawFunctionCall { Extra: not null }
        && ModelJson.Property(content.AdditionalProperties, ModelProperties.Origin) is { } origin
        && !Takes(target, origin, (content as TextReasoningContent)?.ProtectedData);

    private static bool Takes(ModelTarget target, string origin, string? data)
    {
        var slash = origin.IndexOf('/', StringComparison.Ordinal);
        var isSameProvider = slash > 0 && origin[..slash] == target.ProviderId;
        var (from, to) = (ModelFamily.Of(origin[(slash + 1)..]), ModelFamily.Of(target.ModelId));
        var isSameFamily = from.Length > 0 && from == to;
        if (SealedThinking.IsOurs(data))
        {
            // Claude's signatures hold on every platform that serves it, and it refuses the signatures of others.
            return isSameFamily || (isSameProvider && from != ModelFamily.Claude && to != ModelFamily.Claude);
        }

        // What OpenAI encrypts, only the same account can read.
        return isSameProvider || (isSameFamily && (data is null || ChatReasoning.IsOne(data)));
    }
}
