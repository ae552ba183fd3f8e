using Microsoft.AspNetCore.Http;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Sessions;

/// <summary>Finds the session that a path names. Callers reach their own; the operator reaches others' by <c>?owner=</c>.</summary>
public sealed class SessionLookup(SessionStore sessions, AgentCatalog agents)
{
    /// <exception cref="GatewayException"><c>404 session_not_found</c>, <c>400 invalid_session_key</c>.</exception>
    public async Task<FoundSession> FindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var id = RequestGuard.ReadSegmentAfter(request, "sessions");
        var caller = request.RequireCaller();
        var agent = PageQuery.ReadText(request.Query, "agent");
        var key = OwnedBy(request, SessionIds.ToKey(agents, caller, agent, id, "id"));
        if (await sessions.FindAsync(key, cancellationToken) is { } head)
        {
            return Found(key, head);
        }

        // A key that a caller chose freely, such as "team-room" in a header.
        var verbatim = new SessionKey(key.Owner, key.Agent, id.Trim());
        return key.Key != verbatim.Key && await sessions.FindAsync(verbatim, cancellationToken) is { } other
            ? Found(verbatim, other)
            : throw new GatewayException(GatewayError.SessionNotFound(id));
    }

    /// <summary>The session whose key the path names.</summary>
    /// <exception cref="GatewayException"><c>404 not_found</c>, <c>400 invalid_session_key</c>.</exception>
    public async Task<FoundSession> FindVerbatimAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var id = RequestGuard.ReadSegmentAfter(request, "sessions");
        var named = id.StartsWith("agent:", StringComparison.Ordinal) ? id.Split(':')[1] : null;
        var agent = agents.Find(named ?? (request.Headers[RunContext.AgentHeader].ToString() is { Length: > 0 } header ? header : null));
        var key = agent is null ? null : OwnedBy(request, SessionKey.Explicit(request.RequireCaller(), agent.Id, id, "key"));
        return key is not null && await sessions.FindAsync(key, cancellationToken) is { } head
            ? Found(key, head)
            : throw new GatewayException(GatewayError.SessionNotFound(id) with { Code = "not_found" });
    }

    public static SessionInfo Describe(FoundSession found, bool busy) => new(
        found.Id, found.Key.Key, found.Key.Agent, found.Head.Title, found.Head.Labels, found.Head.Model, SessionKind.Of(
            found.Key.Key).Channel,
        found.Head.CreatedAt ?? default, found.Head.UpdatedAt ?? found.Head.CreatedAt ?? default, found.Head.Version)
    {
        Owner = found.Key.Owner.Length > 0 ? found.Key.Owner : null,
        Thinking = found.Head.Thinking,
        Messages = found.Head.NextSeq - found.Head.EpochFrom,
        Resets = found.Head.Epoch,
        Busy = busy,
    };

    public SessionInfo Describe(SessionEntry entry) => new(
        IdOf(new SessionKey(entry.Owner, entry.Agent, entry.Key)), entry.Key, entry.Agent, entry.Title, entry.Labels, entry.Model,
        SessionKind.Of(entry.Key).Channel, entry.CreatedAt, entry.UpdatedAt, entry.Turns)
    {
        Owner = entry.Owner.Length > 0 ? entry.Owner : null,
    };

    private FoundSession Found(SessionKey key, SessionHead head) => new(key, head, IdOf(key));

    private string IdOf(SessionKey key) => SessionIds.ToId(key, agents.Default.Id);

    private static SessionKey OwnedBy(HttpRequest request, SessionKey key) =>
        request.RequireCaller().IsOperator && PageQuery.ReadText(request.Query, "owner") is { } owner
            ? new SessionKey(owner, key.Agent, key.Key)
            : key;
}
