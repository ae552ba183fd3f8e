using OpenClaw.Runs;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>Log probabilities in the form of chat completions.</summary>
internal static class ChatLogprobTranslation
{
    /// <summary>Those of a piece of text; null when it has none.</summary>
    public static ChatLogprobs? Of(RunEvent runEvent) => runEvent switch
    {
        TextDelta { Logprobs: { } tokens } => new ChatLogprobs { Content = tokens },
        RefusalTextDelta { Logprobs: { } tokens } => new ChatLogprobs { Refusal = tokens },
        _ => null,
    };

    /// <summary>Those of a whole answer; null when it has none.</summary>
    public static ChatLogprobs? Of(IReadOnlyList<ConversationPart> parts)
    {
        List<TokenLogprob> content = [.. parts.OfType<TextPart>().SelectMany(p => p.Logprobs ?? [])];
        List<TokenLogprob> refusal = [.. parts.OfType<RefusalPart>().SelectMany(p => p.Logprobs ?? [])];
        return content.Count + refusal.Count == 0 ? null : new ChatLogprobs
        {
            Content = content.Count > 0 ? content : null,
            Refusal = refusal.Count > 0 ? refusal : null,
        };
    }
}
