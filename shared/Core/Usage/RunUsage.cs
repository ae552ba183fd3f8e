using System.Text.Json.Serialization;

namespace OpenClaw.Usage;

/// <summary>Tokens, normalised over the providers' names for them. Zero where the provider reports nothing.</summary>
public sealed record RunUsage(long InputTokens, long OutputTokens, long CachedTokens = 0, long ReasoningTokens = 0)
{
    public static RunUsage None { get; } = new(0, 0) { IsReported = false };

    /// <summary>False when the provider gave no figures.</summary>
    public bool IsReported { get; init; } = true;

    /// <summary>Input tokens that were written to the provider's cache; part of <see cref="InputTokens"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheWriteTokens { get; init; }

    public long TotalTokens => InputTokens + OutputTokens;
}
