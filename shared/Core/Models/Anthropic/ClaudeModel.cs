using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// Which requests a model takes, by its id. A model of another maker behind the same API counts as Claude 4.0 without
/// structured outputs. Source: Claude API documentation, "Models overview", "Extended thinking", "Effort", "Structured outputs".
/// </summary>
internal readonly partial record struct ClaudeModel(bool IsClaude, int Major, int Minor)
{
    /// <summary>Thinks within a given number of tokens.</summary>
    public bool HasThinkingBudget => IsAtLeast(3, 7) && !ThinksAsItSeesFit;

    /// <summary>Decides itself how much to think; the request gives only an effort.</summary>
    public bool ThinksAsItSeesFit => IsAtLeast(4, 6);

    /// <summary>Takes <c>temperature</c>, <c>top_p</c> and <c>top_k</c>.</summary>
    public bool HasSampling => !IsAtLeast(4, 7);

    /// <summary>Takes <c>top_p</c> beside <c>temperature</c>; later models take one of them.</summary>
    public bool TakesTopPWithTemperature => !IsAtLeast(4, 1);

    /// <summary>Enforces a JSON schema on its answer and on the arguments of strict tools.</summary>
    public bool HasStructuredOutput => IsClaude && IsAtLeast(4, 5);

    /// <summary>Refuses a conversation that ends with the assistant, which earlier models continue.</summary>
    public bool NeedsUserLast => IsClaude && IsAtLeast(4, 6);

    /// <summary>Has the effort <c>xhigh</c> above <c>high</c>; the generation before has only <c>max</c>.</summary>
    public bool HasExtraHighEffort => IsAtLeast(4, 7);

    /// <summary>The output tokens allowed when neither caller nor configuration sets one. Every model of the generation can.</summary>
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
