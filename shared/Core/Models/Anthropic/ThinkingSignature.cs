using OpenClaw.Models.Completions;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// Protected reasoning as callers of the Messages API carry it: the <c>signature</c> of a thinking block, or the <c>data</c> of a
/// redacted one.
/// Callers give both back unread. One block of Claude's keeps its own signature, so that a history fits Anthropic's API as well; several
/// blocks, and what other providers protect, travel whole behind a mark.
/// </summary>
public static class ThinkingSignature
{
    private const string OtherProviders = "openclaw-reasoning:";

    /// <param name="protectedData">As in <see cref="Microsoft.Extensions.AI.TextReasoningContent.ProtectedData"/>.</param>
    /// <param name="text">The whole text of the reasoning.</param>
    /// <param name="shown">The text of the block that the caller gets.</param>
    public static string Of(string protectedData, string text, string shown) =>
        SealedThinking.Open(protectedData) is [{ RedactedData: null, Signature.Length: > 0 } only] && only.Text.ToString() == shown
            ? only.Signature.ToString()
            : Mark(text != shown && ChatReasoning.Open(protectedData) is { } apart ? (apart with { Text = text }).Seal() : protectedData);

    /// <summary>The data of a redacted block.</summary>
    public static string RedactedOf(string protectedData) =>
        SealedThinking.Open(protectedData) is [{ RedactedData: { } data }] ? data : Mark(protectedData);

    /// <summary>What <see cref="Of"/> made the signature of; null for thinking without a signature.</summary>
    public static string? Open(string thinking, string? signature) => string.IsNullOrEmpty(signature)
        ? null
        : Unmark(signature) ?? SealedThinking.Seal([new ThinkingBlock(thinking, signature)]);

    /// <summary>What <see cref="RedactedOf"/> made the data of.</summary>
    public static string OpenRedacted(string data) => Unmark(data) ?? SealedThinking.Seal([new ThinkingBlock { RedactedData = data }]);

    private static string Mark(string protectedData) =>
        SealedThinking.IsOurs(protectedData) ? protectedData : OtherProviders + protectedData;

    private static string? Unmark(string text) => text.StartsWith(OtherProviders, StringComparison.Ordinal) ? text[OtherProviders.Length..]
        : SealedThinking.IsOurs(text) ? text
        : null;
}
