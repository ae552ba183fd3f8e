using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Models;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary>The methods about the gateway itself: health, agents, models, usage, configuration, presence.</summary>
internal sealed class StatusMethods(
    StorageProbe storage, GatewayStorage account, SessionIndex index, SessionView view, AgentCatalog agents, ModelCatalog models,
    ModelsView modelsView, GatewayConfigStore config, PresenceView presence, TimeProvider time) : IControlMethods
{
    private const int RecentSessions = 10;

    public void AddTo(MethodTable table)
    {
        var json = StatusMethodsJson.Default;
        table.Add("health", Scope.None, json.ProbeParams, json.HealthReport, HealthAsync);
        table.Add("status", Scope.OperatorRead, json.ProbeParams, json.StatusReport, StatusAsync);
        table.Add("models.list", Scope.OperatorRead, json.ModelsListParams, json.ModelsListResult,
            (_, _, _) => Task.FromResult(new ModelsListResult(modelsView.List())));
        table.Add("agents.list", Scope.OperatorRead, json.EmptyParams, json.AgentsListResult, (_, _, _) => Task.FromResult(ListAgents()));
        table.Add("agent.identity.get", Scope.OperatorRead, json.AgentIdentityParams, json.AgentIdentity,
            (_, given, _) => Task.FromResult(Identify(given)));
        table.Add("system-presence", Scope.OperatorRead, json.EmptyParams, json.Presence,
            (call, _, token) => presence.ListAsync(call.Caller, token).AsTask());
        table.Add("last-heartbeat", Scope.OperatorRead, json.EmptyParams, json.HeartbeatEvent,
            (_, _, _) => Task.FromResult<HeartbeatEvent>(null!)); // heartbeats are runs like others
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A client without any scope sees whether the gateway works, and no names.</summary>
    private async Task<HealthReport> HealthAsync(ControlCall call, ProbeParams given, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var isReachable = await storage.IsReachableAsync(cancellationToken);
        var mayRead = call.Caller.Scopes.Covers(Scope.OperatorRead);
        var sessions = mayRead && isReachable ? await ListSessionsAsync(call.Caller, cancellationToken) : [];
        return new HealthReport(
            isReachable && !config.IsInvalid, Now, (long)time.GetElapsedTime(began).TotalMilliseconds, new PluginReport([], []), new EmptyMap(),
            [], new EmptyMap(), 0, agents.Default.Id,
            mayRead
                ? [.. agents.All.Select(a => new AgentHealth(
                    a.Id, a.Id == agents.Default.Id, new HeartbeatInfo(false), Count([.. sessions.Where(s => s.Agent == a.Id)]))
                    { Name = a.Name })]
                : [],
            Count(sessions))
        {
            Storage = isReachable ? "connected" : account.IsConfigured ? "unreachable" : "not_configured",
        };
    }

    private async Task<StatusReport> StatusAsync(ControlCall call, ProbeParams given, CancellationToken cancellationToken)
    {
        var sessions = await ListSessionsAsync(call.Caller, cancellationToken);
        var (_, model, context) = view.ModelOf(agents.Default, null);
        return new StatusReport(
            ConnectionHub.Version,
            new HeartbeatSummary(agents.Default.Id, [.. agents.All.Select(a => new AgentHeartbeat(a.Id, false, "disabled"))]), [], [],
            new SessionSummary(
                ["table:sessions"], sessions.Count, new SessionModel(model) { ContextTokens = context }, Recent(call.Caller, sessions),
                [.. agents.All.Select(a => sessions.Where(s => s.Agent == a.Id).ToList() is var own
                    ? new AgentSessions(a.Id, "table:sessions", own.Count, Recent(call.Caller, own)) : null!)]));
    }

    private Task<List<SessionEntry>> ListSessionsAsync(Caller caller, CancellationToken cancellationToken) =>
        index.ListNewestAsync(caller.IsOperator ? null : caller.Subject, cancellationToken);

    private SessionCount Count(List<SessionEntry> sessions) => new(
        "table:sessions", sessions.Count,
        [.. sessions.Take(RecentSessions).Select(s => new RecentSession(s.Key, s.UpdatedAt.ToUnixTimeMilliseconds(), AgeOf(s)))]);

    private List<StatusSession> Recent(Caller caller, List<SessionEntry> sessions) =>
        [.. sessions.Take(RecentSessions).Select(s => view.Describe(caller, s) is var row
            ? new StatusSession(row.Key, s.Agent, row.Kind, s.UpdatedAt.ToUnixTimeMilliseconds(), AgeOf(s), row.Model ?? "") : null!)];

    private long AgeOf(SessionEntry session) => (long)Math.Max(0, (time.GetUtcNow() - session.UpdatedAt).TotalMilliseconds);

    private AgentsListResult ListAgents() => new(
        agents.Default.Id, SessionNames.Main, "per-sender",
        [.. agents.All.Select(a => new AgentEntry(
            a.Id, new AgentModel(a.Models.Count > 0 ? a.Models[0] : models.DefaultReference)
            {
                Fallbacks = a.Models.Count > 1 ? [.. a.Models.Skip(1)] : null,
            })
            { Name = a.Name })]);

    private AgentIdentity Identify(AgentIdentityParams given)
    {
        var named = given.AgentId ?? (given.SessionKey?.Split(':') is ["agent", { Length: > 0 } id, ..] ? id : null);
        var agent = agents.Find(named) ?? throw RpcException.Invalid($"Unknown agent id \"{named}\"");
        return new AgentIdentity(agent.Id, agent.Name ?? agent.Id, agent.Name is null ? "default" : "config", InitialOf(agent.Name ?? agent.Id));
    }

    /// <summary>What stands for a picture.</summary>
    private static string InitialOf(string name) => char.IsSurrogate(name[0]) ? name[..2] : char.ToUpperInvariant(name[0]).ToString();
}
