namespace OpenClaw.Gateway.Status;

/// <summary>Answer of <c>GET /api/status</c>.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> while storage does not answer or the configuration file is invalid.</param>
/// <param name="Uptime">Seconds since this instance started.</param>
/// <param name="Host"><c>self-host</c> or <c>functions</c>.</param>
/// <param name="Model">The default agent's model, as <c>provider/model</c>.</param>
/// <param name="Storage"><c>connected</c>, <c>unreachable</c> or <c>not_configured</c>.</param>
internal sealed record ServiceStatus(
    string Status, string Version, long Uptime, string Host, IReadOnlyList<AgentStatus> Agents, string Model, string Storage)
{
    /// <summary>What the program was built from, in full; null when the build did not know.</summary>
    public string? Commit { get; init; }
}

internal sealed record AgentStatus(string Id, string? Name, bool Default, string Model);

/// <summary>Answer of <c>GET /health/detailed</c>.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> when storage, a provider or the configuration file fails, or wake-ups were given
/// up.</param>
/// <param name="Uptime">Seconds since this instance started.</param>
/// <param name="Config"><c>ok</c>, or <c>invalid</c> when what was loaded last could not be used.</param>
/// <param name="Providers">Id to <c>connected</c>, <c>configured</c> (not called yet), <c>unreachable</c>, <c>unauthorized</c> or
/// <c>unsupported</c>. Anthropic and Azure OpenAI are asked when their last answer is over a minute old; other providers are judged by
/// their last call.</param>
/// <param name="Channels">Name to the status of <c>GET /api/channels</c>.</param>
/// <param name="Mcp">Name of each MCP server to the status of <c>GET /api/mcp</c>; none makes the whole degraded.</param>
internal sealed record HealthDetails(
    string Status, long Uptime, string Version, string Storage, string Config, IReadOnlyDictionary<string, string> Providers,
    IReadOnlyDictionary<string, string> Channels, IReadOnlyDictionary<string, string> Mcp,
    WakeUpDetails WakeUps, MediaDetails Media, MemoryDetails Memory);

/// <param name="Poison">Messages that failed five times. Their runs are marked failed; an operator deletes them from the queue
/// <c>…-wakeups-poison</c>.
/// Null while storage does not answer.</param>
internal sealed record WakeUpDetails(long? Poison);

/// <summary>The native tools. A missing one does not make the whole degraded.</summary>
/// <param name="Pdf"><c>available</c> or <c>missing</c>: as the last use ended; before the first use, whether the files are there.</param>
/// <param name="Images">As <paramref name="Pdf"/>.</param>
internal sealed record MediaDetails(string Pdf, string Images);

/// <param name="Used">Memory of the process, such as <c>128MB</c>.</param>
/// <param name="Total">Memory that the process may use.</param>
internal sealed record MemoryDetails(string Used, string Total);

/// <summary>Answer of <c>GET /api/models</c>.</summary>
internal sealed record ModelInfoList(IReadOnlyList<ModelInfo> Models, string Default);

/// <param name="Id">What a request's <c>model</c> takes: an agent (<c>openclaw/main</c>) or <c>provider/model</c>.</param>
/// <param name="Type"><c>agent</c> or <c>model</c>.</param>
internal sealed record ModelInfo(string Id, string Type, string? Name, string Provider)
{
    /// <summary>Tokens.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Output tokens.</summary>
    public int? MaxTokens { get; init; }
}

/// <summary>Answer of <c>GET /api/channels</c>.</summary>
internal sealed record ChannelInfoList(IReadOnlyList<ChannelInfo> Channels);

/// <param name="Status"><c>active</c>, <c>disabled</c>, <c>unavailable</c> (this gateway has no such channel), <c>misconfigured</c> (a
/// secret is missing) or <c>error</c> (the last delivery failed).</param>
/// <param name="Configured">Whether all keys are set that the channel needs.</param>
/// <param name="OutboxWaiting">Replies that this instance could not deliver yet, of all channels.</param>
/// <param name="AmbiguousDeliveries">Messages that this instance sent again without knowing whether they had arrived.</param>
/// <param name="Undelivered">Replies that this instance gave up.</param>
internal sealed record ChannelInfo(
    string Name, string Account, bool Enabled, string Status, bool Configured, int OutboxWaiting, long AmbiguousDeliveries,
    long Undelivered)
{
    /// <summary>When the platform last called with a valid proof, to the minute.</summary>
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>When a reply was last delivered, to the minute.</summary>
    public DateTimeOffset? LastOutboundAt { get; init; }

    /// <summary>The last failure of a delivery, until one succeeds.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }
}
