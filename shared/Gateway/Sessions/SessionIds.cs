using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions;

/// <summary>Session ids of <c>/api</c>: <c>x</c> is the key <c>agent:&lt;agent&gt;:api:x</c>; what begins with <c>agent:</c> is a key
/// already.</summary>
public static class SessionIds
{
    private const string Full = "agent:";

    /// <param name="agent">Agent id that the request names; null is the default agent, or the one of a full key.</param>
    /// <exception cref="GatewayException"><c>400 invalid_session_key</c>, <c>404 model_not_found</c>: there is no such agent.</exception>
    public static SessionKey ToKey(AgentCatalog agents, Caller caller, string? agent, string id, string param)
    {
        var key = SessionKey.Explicit(caller, "", id, param).Key;
        var named = key.StartsWith(Full, StringComparison.Ordinal) ? key[Full.Length..].Split(':')[0] : null;
        var found = agents.Find(agent ?? named) ?? throw new GatewayException(GatewayError.ModelNotFound(agent ?? named!));
        if (named is not null && !found.Id.Equals(named, StringComparison.OrdinalIgnoreCase))
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                $"The session key names the agent '{named}', the request another one.", param, ErrorCode.InvalidSessionKey));
        }

        return named is null ? SessionKey.Of(caller, found.Id, Prefix(found.Id) + key) : SessionKey.Explicit(caller, found.Id, key, param);
    }

    /// <summary>The shortest id that leads back to the key.</summary>
    public static string ToId(SessionKey session, string defaultAgent)
    {
        var prefix = Prefix(defaultAgent);
        return session.Agent == defaultAgent && session.Key.Length > prefix.Length
            && session.Key.StartsWith(prefix, StringComparison.Ordinal)
            && !session.Key.AsSpan(prefix.Length).StartsWith(Full)
            ? session.Key[prefix.Length..]
            : session.Key;
    }

    private static string Prefix(string agent) => $"{Full}{agent}:api:";
}
