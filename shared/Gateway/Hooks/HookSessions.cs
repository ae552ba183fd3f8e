using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Which agent and session a call reaches.</summary>
public sealed class HookSessions(AgentCatalog agents)
{
    /// <summary>Hooks act for the operator, within what the configuration allows.</summary>
    internal static Caller Caller { get; } = new(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: false);

    /// <summary>The agent that a call names, or the default one.</summary>
    /// <param name="isOwners">Whether the configuration named it, not the call.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    internal string FindAgent(HooksSection hooks, string? id, bool isOwners)
    {
        var agent = id is null ? agents.Default : agents.Find(id);
        return agent is not null && (isOwners || id is null || hooks.AllowedAgentIds is null || hooks.AllowedAgentIds.Contains(agent.Id))
            ? agent.Id : throw new GatewayException(GatewayError.InvalidValue("agentId", "an agent that hooks may start."));
    }

    /// <summary>The session of an agent call.</summary>
    /// <param name="key">What the call or its mapping names; null for none.</param>
    /// <param name="isOwners">Whether the key is as the configuration has it, not what a sender put in.</param>
    /// <exception cref="GatewayException"><c>400 invalid_session_key</c>.</exception>
    internal static SessionKey FindSession(HooksSection hooks, string agent, string? key, string? mode, bool isOwners)
    {
        var named = key is null ? hooks.DefaultSessionKey : isOwners ? key : Checked(hooks, key);
        if (named is null || mode == "isolated")
        {
            return SessionKey.Of(Caller, agent, $"agent:{agent}:hook:{RandomId.Create("")}");
        }

        return SessionKey.Of(Caller, agent, Full(agent, named));
    }

    /// <summary>The session of a wake: the agent's main session, unless another is named.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_session_key</c>.</exception>
    internal static SessionKey FindWakeSession(HooksSection hooks, string agent, string? key, bool isOwners) =>
        SessionKey.Of(Caller, agent, Full(agent, key is null ? "main" : isOwners ? key : Checked(hooks, key)));

    private static string Checked(HooksSection hooks, string key)
    {
        if (!hooks.AllowRequestSessionKey)
        {
            throw Invalid("calls may not name a session; hooks.allowRequestSessionKey is off.");
        }

        return hooks.AllowedSessionKeyPrefixes is not { } prefixes
            || prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))
            ? key : throw Invalid("it must begin with one of hooks.allowedSessionKeyPrefixes.");
    }

    private static string Full(string agent, string key)
    {
        var explicitly = SessionKey.Explicit(Caller, agent, key, "sessionKey").Key;
        var own = $"agent:{agent}:";
        if (explicitly.StartsWith("agent:", StringComparison.OrdinalIgnoreCase) && !explicitly.StartsWith(own, StringComparison.Ordinal))
        {
            throw Invalid($"it belongs to another agent than '{agent}'.");
        }

        return explicitly.StartsWith(own, StringComparison.Ordinal) ? explicitly : own + explicitly;
    }

    private static GatewayException Invalid(string message) =>
        new(GatewayError.InvalidRequest($"Invalid session key: {message}", "sessionKey", ErrorCode.InvalidSessionKey));
}
