using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Runs;
using OpenClaw.Schedules;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Methods.Schedules;

/// <summary><c>wake</c> and <c>hooks.status</c>: events for agents, and how those who send them do.</summary>
internal sealed class WakeMethods(Wakes wakes, AgentCatalog agents, HookLog hooks, GatewayConfigStore config) : IControlMethods
{
    public void AddTo(MethodTable table)
    {
        var json = CronMethodsJson.Default;
        table.Add("wake", Scope.OperatorWrite, json.WakeParams, json.Woken, WakeAsync);
        table.Add("hooks.status", Scope.OperatorRead, json.EmptyParams, json.HooksStatus, StatusAsync);
    }

    private async Task<Woken> WakeAsync(ControlCall call, WakeParams given, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(given.Text) || given.Text.Length > SessionEvents.MaxLength)
        {
            throw RpcException.Invalid($"text must hold 1 to {SessionEvents.MaxLength} characters");
        }

        var agent = agents.Find(given.AgentId) ?? throw RpcException.Invalid("unknown agentId");
        call.Caller.RequireAgent(agent.Id);
        var session = given.SessionKey is null ? SessionKey.Of(call.Caller, agent.Id, $"agent:{agent.Id}:main")
            : SessionKey.Explicit(call.Caller, agent.Id, given.SessionKey, "sessionKey");
        var isNew = await wakes.WakeAsync(call.Caller, session, given.Text, given.Mode != "next-heartbeat", null, cancellationToken);
        return new Woken(true, given.Mode ?? "now", isNew ? "queued" : "coalesced");
    }

    private async Task<HooksStatus> StatusAsync(ControlCall call, EmptyParams given, CancellationToken cancellationToken)
    {
        var section = config.Current.Hooks;
        var report = await hooks.ReadAsync(cancellationToken);
        return new HooksStatus(
            section.Enabled, section.Path,
            [.. section.Mappings.Select(m => new HookMappingInfo(m.Id, m.MatchPath, m.MatchSource, m.Action, m.Signature?.Scheme))],
            report.Refused,
            [.. report.Hooks.Select(state => new HookStateInfo(state.Name, state.Calls, state.Failures)
            {
                LastCallAtMs = state.LastCallAt?.ToUnixTimeMilliseconds(),
                LastError = state.LastError,
                LastErrorAtMs = state.LastErrorAt?.ToUnixTimeMilliseconds(),
            })]);
    }
}
