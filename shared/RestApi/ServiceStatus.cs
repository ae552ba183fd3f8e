namespace OpenClaw.RestApi;

/// <summary>Answer of <c>GET /api/status</c>.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> while storage does not answer.</param>
/// <param name="Uptime">Seconds since this instance started.</param>
/// <param name="Host"><c>self-host</c> or <c>functions</c>.</param>
/// <param name="Model">The default agent's model, as <c>provider/model</c>.</param>
/// <param name="Storage"><c>connected</c>, <c>unreachable</c> or <c>not_configured</c>.</param>
public sealed record ServiceStatus(
    string Status, string Version, long Uptime, string Host, IReadOnlyList<AgentStatus> Agents, string Model, string Storage);

public sealed record AgentStatus(string Id, string? Name, bool Default, string Model);
