namespace OpenClaw.Configuration;

public sealed class AgentsSection
{
    public AgentDefaultsSection Defaults { get; set; } = new();

    public IReadOnlyDictionary<string, AgentSection> Entries { get; set; } = new Dictionary<string, AgentSection>();
}

/// <summary>Caps by UTC days and months; null is none. Checked before each model call against what has ended and was counted.</summary>
public sealed record BudgetSection
{
    public decimal? DailyUsd { get; init; }

    public decimal? MonthlyUsd { get; init; }

    /// <summary>Input and output tokens together.</summary>
    public long? DailyTokens { get; init; }

    public long? MonthlyTokens { get; init; }
}

public sealed class AgentDefaultsSection
{
    public AgentModelSection? Model { get; set; }

    public string? SystemPrompt { get; set; }

    /// <summary>Seconds a run may take on the self-host; the worker caps JSON answers at 200.</summary>
    public int? TimeoutSeconds { get; set; }

    /// <summary>Of each agent that has none of its own.</summary>
    public BudgetSection? Budget { get; set; }

    public CompactionSection Compaction { get; set; } = new();

    /// <summary>Regular runs of each agent; null for none.</summary>
    public HeartbeatSection? Heartbeat { get; set; }
}

/// <summary>Runs that nobody asks for, in the main session of each agent.</summary>
/// <param name="Every">From one minute to a week.</param>
/// <param name="Prompt">What the agent is told.</param>
public sealed record HeartbeatSection(TimeSpan Every, string Prompt)
{
    public const string DefaultPrompt =
        "This is a heartbeat. If something needs attention, attend to it; otherwise answer with HEARTBEAT_OK.";
}

/// <summary>A primary model and what to try when it fails, as <c>provider/model</c>. A plain string is the primary.</summary>
public sealed class AgentModelSection
{
    public string? Primary { get; set; }

    public IReadOnlyList<string> Fallbacks { get; set; } = [];
}

public sealed class AgentSection
{
    public string? Name { get; set; }

    public bool Default { get; set; }

    public AgentModelSection? Model { get; set; }

    public string? SystemPrompt { get; set; }

    public BudgetSection? Budget { get; set; }

    public ToolScopeSection Tools { get; set; } = new();
}
