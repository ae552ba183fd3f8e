namespace OpenClaw.Configuration;

/// <summary>One layer of rules about tools. Names match without regard to case; <c>*</c> stands for any text, <c>group:fs</c> for the tools
/// of a group. What is denied stays denied, whatever another key allows.</summary>
public sealed record ToolRulesSection
{
    /// <summary><c>minimal</c>, <c>coding</c>, <c>messaging</c> or <c>full</c>; null leaves it to the layer below.</summary>
    public string? Profile { get; init; }

    /// <summary>The only tools; null allows all.</summary>
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary>Tools beyond those of the profile. Never beside <see cref="Allow"/>.</summary>
    public IReadOnlyList<string>? AlsoAllow { get; init; }

    public IReadOnlyList<string> Deny { get; init; } = [];
}

/// <summary>Rules with exceptions for providers or single models.</summary>
public record ToolScopeSection
{
    public ToolRulesSection Rules { get; init; } = new();

    /// <summary>By provider, or by <c>provider/model</c>; the longer name counts. They only narrow.</summary>
    public IReadOnlyDictionary<string, ToolRulesSection> ByProvider { get; init; } = new Dictionary<string, ToolRulesSection>();

    /// <summary>Tools that wait for a person's approval before each call.</summary>
    public IReadOnlyList<string> RequireApproval { get; init; } = [];
}

/// <summary>Which tools there are for whom, and the limits of their calls.</summary>
public sealed record ToolsSection : ToolScopeSection
{
    /// <summary>By the channel that a run answers, such as <c>telegram</c>. They only narrow.</summary>
    public IReadOnlyDictionary<string, ToolRulesSection> ByChannel { get; init; } = new Dictionary<string, ToolRulesSection>();

    /// <summary>By who asks: <c>channel:telegram:42</c>, <c>id:42</c>, <c>subject:key:abc</c> or <c>*</c>. They only narrow.</summary>
    public IReadOnlyDictionary<string, ToolRulesSection> BySender { get; init; } = new Dictionary<string, ToolRulesSection>();

    /// <summary>How long an approval is waited for.</summary>
    public int ApprovalTimeoutSeconds { get; init; } = 600;

    /// <summary>How long a call may take.</summary>
    public int TimeoutSeconds { get; init; } = 120;

    /// <summary>How much text of one result a model gets, in UTF-16 units.</summary>
    public int MaxResultChars { get; init; } = 200_000;

    /// <summary>Calls of models in one run.</summary>
    public int MaxSteps { get; init; } = 120;

    public WorkspaceSection Fs { get; init; } = new();

    public WebToolsSection Web { get; init; } = new();

    public SessionToolsSection Sessions { get; init; } = new();
}

public sealed record WebToolsSection
{
    public WebFetchSection Fetch { get; init; } = new();
}

/// <summary>Limits of <c>web_fetch</c>.</summary>
public sealed record WebFetchSection
{
    /// <summary>UTF-16 units of text that a call gives at the most.</summary>
    public int MaxChars { get; init; } = 50_000;

    /// <summary>Of what is fetched.</summary>
    public long MaxBytes { get; init; } = 5_242_880;

    public int TimeoutSeconds { get; init; } = 30;

    public int MaxRedirects { get; init; } = 3;

    /// <summary>Hosts that may be reached, exact or <c>*.example.com</c>; empty: any public one.</summary>
    public IReadOnlyList<string> UrlAllowlist { get; init; } = [];
}

/// <summary>Which sessions the tools of a run reach.</summary>
public sealed record SessionToolsSection
{
    public const string OwnOnly = "self";

    public const string OfAgent = "agent";

    public const string All = "all";

    /// <summary><c>self</c>: the run's own; <c>agent</c>: the caller's sessions of the same agent; <c>all</c>: all of the
    /// caller's.</summary>
    public string Visibility { get; init; } = OwnOnly;
}

/// <summary>What an agent may keep in its workspace.</summary>
public sealed record WorkspaceSection
{
    public const int MostFileBytes = 8 * 1024 * 1024;

    /// <summary>Bytes of one file that a tool writes or reads.</summary>
    public int MaxFileBytes { get; init; } = 1_048_576;

    /// <summary>Bytes of all files of one agent.</summary>
    public long MaxBytes { get; init; } = 104_857_600;

    public int MaxFiles { get; init; } = 2_000;
}

/// <summary>Tools of the HTTP surfaces <c>/tools/invoke</c> and <c>/mcp</c>.</summary>
public sealed record GatewayToolsSection
{
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Lifts entries of the built-in deny list for the owner and for administrators.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];
}
