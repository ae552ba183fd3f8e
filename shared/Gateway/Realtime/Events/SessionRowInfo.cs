namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>A session in lists and events.</summary>
/// <param name="Kind"><c>direct</c> or <c>group</c>.</param>
/// <param name="SessionId">Changes with each reset.</param>
/// <param name="ActiveRunIds">Runs under the names that clients gave them.</param>
internal sealed record SessionRowInfo(
    string Key, string Kind, string AgentId, bool IsMain, string SessionId, long? UpdatedAt, bool HasActiveRun,
    IReadOnlyList<string> ActiveRunIds)
{
    public string? Label { get; init; }

    /// <summary>Where it came from, such as <c>openai</c> or <c>api</c>.</summary>
    public string? Classification { get; init; }

    public bool IsBackground { get; init; }

    public bool Archived { get; init; }

    public bool Pinned { get; init; }

    /// <summary>Always false: this gateway keeps no marks of what was read.</summary>
    public bool Unread { get; init; }

    public long? CreatedAt { get; init; }

    public string? ModelProvider { get; init; }

    public string? Model { get; init; }

    public string? ThinkingLevel { get; init; }

    /// <summary>Tokens of the model's context window.</summary>
    public int? ContextTokens { get; init; }

    public bool TotalTokensFresh { get; init; }

    public bool RuntimeSelectionLocked { get; init; }

    public string EffectiveQueueMode { get; init; } = "followup";

    public string? DerivedTitle { get; init; }

    public string? LastMessagePreview { get; init; }
}

/// <summary>What a new session would have.</summary>
internal sealed record SessionDefaults(string ModelProvider, string Model, int? ContextTokens)
{
    public string ModelSelectionTarget { get; init; } = "session";
}
