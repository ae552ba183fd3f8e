using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// What a model's id says about the requests it takes. A model of another maker behind the same api counts as Claude 4.0 without
/// structured outputs. Source: Claude API documentation, "Models overview", "Extended thinking", "Effort", "Structured outputs".
/// </summary>
internal readonly partial record struct ClaudeModel(bool IsClaude, int Major, int Minor)
{
    /// <summary>Thinks within a given number of tokens.</summary>
    public bool HasThinkingBudget => IsAtLeast(3, 7) && !ThinksAsItSeesFit;

    /// <summary>Decides itself how much to think, told only its effort.</summary>
    public bool ThinksAsItSeesFit => IsAtLeast(4, 6);

    /// <summary>Takes <c>temperature</c>, <c>top_p</c> and <c>top_k</c>.</summary>
    public bool HasSampling => !IsAtLeast(4, 7);

    /// <summary>Keeps to a JSON schema, for its answer and for the arguments of strict tools.</summary>
    public bool HasStructuredOutput => IsClaude && IsAtLeast(4, 5);

    /// <summary>Knows the efforts above <c>high</c> as <c>xhigh</c>; the one before knew only <c>max</c>.</summary>
    public bool HasExtraHighEffort => IsAtLeast(4, 7);

    /// <summary>Output tokens to allow where nobody says: what every model of the generation can write.</summary>
    public int DefaultMaxTokens => !IsClaude ? 8192 : IsAtLeast(3, 7) ? 32_000 : IsAtLeast(3, 5) ? 8192 : 4096;

    public static ClaudeModel Parse(string modelId) => Version().Match(modelId) is { Success: true } match
        ? new(true, Number(match.Groups["major"]), Number(match.Groups["minor"]))
        : new(false, 4, 0);

    private bool IsAtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    // claude-3-7-sonnet-20250219, claude-opus-4-20250514, claude-sonnet-4-5, anthropic/claude-opus-4.6, claude-sonnet-5
    [GeneratedRegex(@"claude-(?:[a-z]+-)?(?<major>\d{1,2})(?!\d)(?:[-.](?<minor>\d{1,2})(?!\d))?")]
    private static partial Regex Version();
}
