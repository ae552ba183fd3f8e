using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>The names of sessions on the control plane. A name is <c>agent:&lt;agent&gt;:&lt;rest&gt;</c>, or a rest alone, which means a
/// session of the default agent; <c>main</c> is the main session. The operator knows a session of another owner as
/// <c>agent:&lt;agent&gt;:@&lt;owner&gt;:&lt;rest&gt;</c>, with the owner percent-encoded.</summary>
internal sealed class SessionNames(AgentCatalog agents, SessionStore sessions)
{
    public const string Main = "main";

    private const string Prefix = "agent:";

    /// <summary>Whether the session is the caller's own.</summary>
    public static bool IsOwn(Caller caller, SessionKey session) =>
        session.Owner == (caller.IsOperator ? "" : caller.Subject);

    public static bool MaySee(Caller caller, SessionKey session) => caller.IsOperator || IsOwn(caller, session);

    /// <summary>The name under which the caller knows a session.</summary>
    public static string NameFor(Caller caller, SessionKey session)
    {
        var own = $"{Prefix}{session.Agent}:";
        var rest = session.Key.StartsWith(own, StringComparison.Ordinal) ? session.Key[own.Length..] : session.Key;
        return IsOwn(caller, session) ? own + rest : $"{own}@{Uri.EscapeDataString(session.Owner)}:{rest}";
    }

    /// <summary>The main session of an agent.</summary>
    public static SessionKey MainOf(Caller caller, Agent agent) => SessionKey.Of(caller, agent.Id, $"{Prefix}{agent.Id}:{Main}");

    /// <summary>The session of a name. A session that a caller named freely on another surface is found by that name too.</summary>
    /// <param name="agentId">The agent that the request names; null is the one of the name, else the default agent.</param>
    /// <exception cref="GatewayException"><c>400 invalid_session_key</c>, <c>403 forbidden</c>, <c>404 model_not_found</c>: there is no
    /// such agent.</exception>
    public async Task<(SessionKey Key, SessionHead? Head)> FindAsync(
        Caller caller, string name, string? agentId, CancellationToken cancellationToken)
    {
        var (key, rest) = Parse(caller, name, agentId);
        if (await sessions.FindAsync(key, cancellationToken) is { } head)
        {
            return (key, head);
        }

        var verbatim = new SessionKey(key.Owner, key.Agent, rest);
        return await sessions.FindAsync(verbatim, cancellationToken) is { } other ? (verbatim, other) : (key, null);
    }

    /// <exception cref="GatewayException"><c>404 session_not_found</c>, and as <see cref="FindAsync"/>.</exception>
    public async Task<(SessionKey Key, SessionHead Head)> RequireAsync(
        Caller caller, string name, string? agentId, CancellationToken cancellationToken)
    {
        var (key, head) = await FindAsync(caller, name, agentId, cancellationToken);
        return (key, head ?? throw new GatewayException(GatewayError.SessionNotFound(name)));
    }

    private (SessionKey Key, string Verbatim) Parse(Caller caller, string name, string? agentId)
    {
        var trimmed = SessionKey.Explicit(caller, "", name, "sessionKey").Key;
        var parts = trimmed.Split(':', 3);
        var isFull = parts is ["agent", { Length: > 0 }, { Length: > 0 }];
        var named = isFull ? parts[1] : agentId;
        var agent = agents.Find(named) ?? throw new GatewayException(GatewayError.ModelNotFound(named!));
        if (isFull && agentId is not null && agents.Find(agentId)?.Id != agent.Id)
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                $"The session key names the agent '{agent.Id}', the request another one.", "agentId", ErrorCode.InvalidSessionKey));
        }

        var rest = isFull ? parts[2] : trimmed;
        if (isFull && caller.IsOperator && rest is ['@', ..] && rest.IndexOf(':', StringComparison.Ordinal) is > 1 and var colon)
        {
            var owner = Uri.UnescapeDataString(rest[1..colon]);
            return (new SessionKey(owner, agent.Id, $"{Prefix}{agent.Id}:{rest[(colon + 1)..]}"), rest[(colon + 1)..]);
        }

        return (SessionKey.Of(caller, agent.Id, $"{Prefix}{agent.Id}:{rest}"), rest);
    }
}
