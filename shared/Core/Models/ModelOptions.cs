using Microsoft.Extensions.AI;
using OpenClaw.Models.Fields;

namespace OpenClaw.Models;

/// <summary>The options of a run beyond <see cref="ChatOptions"/>. Chat clients from other libraries see only the base.</summary>
public sealed class ModelOptions : ChatOptions
{
    /// <summary><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c> or <c>max</c>; passed on as it
    /// is.</summary>
    public string? ReasoningEffort { get; set; }

    /// <summary>Drops effort and summary for models that are not known to reason, which would refuse them.</summary>
    public bool ReasonsWherePossible { get; set; }

    /// <summary><c>auto</c>, <c>concise</c> or <c>detailed</c>.</summary>
    public string? ReasoningSummary { get; set; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? Verbosity { get; set; }

    /// <summary>The <c>strict</c> flag of a JSON schema response format.</summary>
    public bool? StrictSchema { get; set; }

    public string? ServiceTier { get; set; }

    /// <summary>The caller's own cache and abuse keys, passed on to providers that know them.</summary>
    public string? PromptCacheKey { get; set; }

    public string? SafetyIdentifier { get; set; }

    /// <summary>Whether <see cref="ReasoningEffort"/> is how much effort the whole answer takes, without thinking before it.</summary>
    public bool IsEffortOfAnswer { get; set; }

    /// <summary>Whether the effort comes from the request, and not from the session's settings.</summary>
    public bool IsEffortAsked { get; set; } = true;

    /// <summary>Whether the answer has the log probability of each of its tokens.</summary>
    public bool Logprobs { get; set; }

    /// <summary>0 to 20 alternatives for each token; null leaves it to the provider.</summary>
    public int? TopLogprobs { get; set; }

    /// <summary>What the caller asked for that not every provider API has. An API that lacks one of these refuses the request.</summary>
    public IReadOnlyList<AskedField> Asked { get; set; } = [];

    /// <summary>A copy whose own properties can be set without a change to this one.</summary>
    public ModelOptions Copy() => (ModelOptions)MemberwiseClone();
}
