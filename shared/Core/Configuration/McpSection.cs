namespace OpenClaw.Configuration;

/// <summary>Servers of the Model Context Protocol whose tools agents may use.</summary>
public sealed class McpSection
{
    /// <summary>By the name that their tools carry in front.</summary>
    public IReadOnlyDictionary<string, McpServerSection> Servers { get; set; } = new Dictionary<string, McpServerSection>();
}

/// <summary>One server: at a URL, or a program that the self-host starts.</summary>
public sealed class McpServerSection
{
    /// <summary>How to reach it: <c>streamable-http</c>, <c>sse</c> (the older one) or <c>stdio</c>; null with a URL tries the first,
    /// then the second.</summary>
    public string? Transport { get; set; }

    /// <summary>Where it listens; may be http and on a private address. Null for a program.</summary>
    public string? Url { get; set; }

    /// <summary>Sent with every request, to this origin only.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>The program that speaks the protocol on its standard input and output.</summary>
    public string? Command { get; set; }

    public IReadOnlyList<string> Args { get; set; } = [];

    /// <summary>Beside a few harmless variables of the gateway's own, such as <c>PATH</c>.</summary>
    public IReadOnlyDictionary<string, string> Env { get; set; } = new Dictionary<string, string>();

    /// <summary>The program's working folder; null is the gateway's.</summary>
    public string? Cwd { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>Of connecting, the handshake and the first list of tools together.</summary>
    public int ConnectionTimeoutMs { get; set; } = 30_000;

    /// <summary>Of one call.</summary>
    public int RequestTimeoutMs { get; set; } = 60_000;

    /// <summary>Names of the server's tools, with <c>*</c> for any text; null lets all in.</summary>
    public IReadOnlyList<string>? Include { get; set; }

    /// <summary>Comes after <see cref="Include"/>.</summary>
    public IReadOnlyList<string> Exclude { get; set; } = [];

    /// <summary>Whether a connection that was made with the other is right for this too.</summary>
    internal bool IsSameAs(McpServerSection other) =>
        (Transport, Url, Command, Cwd, Enabled, ConnectionTimeoutMs, RequestTimeoutMs)
            == (other.Transport, other.Url, other.Command, other.Cwd, other.Enabled, other.ConnectionTimeoutMs, other.RequestTimeoutMs)
        && AreSame(Headers, other.Headers) && AreSame(Env, other.Env) && Args.SequenceEqual(other.Args)
        && (Include ?? []).SequenceEqual(other.Include ?? []) && Include is null == other.Include is null
        && Exclude.SequenceEqual(other.Exclude);

    private static bool AreSame(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
