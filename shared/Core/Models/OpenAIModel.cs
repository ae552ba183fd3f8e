using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.Models;

/// <summary>
/// Which fields one of OpenAI's models takes, by its id and whatever host serves it. Source: OpenAI API reference and the guides
/// "Reasoning models" and "Using GPT-5.2" (parameter compatibility).
/// </summary>
/// <param name="Reasons">Reasons always, or by default: o-series, gpt-5 and later, except their chat variants.</param>
/// <param name="MayNotReason">Answers without reasoning when no effort is asked for: gpt-5.1 and later.</param>
internal readonly partial record struct OpenAIModel(bool Reasons, bool MayNotReason)
{
    /// <summary>Refuses <c>max_tokens</c>; takes <c>max_completion_tokens</c>.</summary>
    public bool NeedsMaxCompletionTokens => Reasons;

    /// <summary>Takes temperature, top_p, the penalties and logprobs. A model that reasons refuses them.</summary>
    /// <param name="effort">The reasoning effort that is asked for.</param>
    public bool TakesSampling(string? effort) => !Reasons || (MayNotReason && effort is null or "none");

    public static OpenAIModel Parse(string modelId)
    {
        var name = modelId[(modelId.LastIndexOf('/') + 1)..];
        if (OSeries().IsMatch(name))
        {
            return new(true, false);
        }

        if (Gpt().Match(name) is not { Success: true } gpt || name.Contains("-chat", StringComparison.Ordinal))
        {
            return default;
        }

        var (major, minor) = (Number(gpt.Groups["major"]), Number(gpt.Groups["minor"]));
        var mayNot = (major > 5 || minor >= 1) && !name.Contains("-codex", StringComparison.Ordinal)
            && !name.Contains("-pro", StringComparison.Ordinal);
        return major >= 5 ? new(true, mayNot) : default;
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    // o1, o3-mini, o4-mini-2025-04-16
    [GeneratedRegex(@"^o\d(?![a-z\d])")]
    private static partial Regex OSeries();

    // gpt-5, gpt-5-mini, gpt-5.2-codex, gpt-4o, gpt-4.1, and gpt-35-turbo, as Azure calls it
    [GeneratedRegex(@"^gpt-(?<major>\d)(?:\.(?<minor>\d{1,2}))?(?![\da-z])|^gpt-(?<major>\d)")]
    private static partial Regex Gpt();
}
