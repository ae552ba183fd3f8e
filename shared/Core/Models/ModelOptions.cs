using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>The options of a run beyond <see cref="ChatOptions"/>. Chat clients from other libraries see only the base.</summary>
public sealed class ModelOptions : ChatOptions
{
    /// <summary><c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c>; passed on as it is.</summary>
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

    /// <summary>A copy whose own properties can be set without a change to this one.</summary>
    public ModelOptions Copy() => (ModelOptions)MemberwiseClone();
}
