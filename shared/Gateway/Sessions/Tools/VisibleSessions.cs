using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Tools;

namespace OpenClaw.Gateway.Sessions.Tools;

/// <summary>The sessions that a call of a tool may reach. A client that calls directly reaches its own, the operator all. A run reaches what
/// <c>tools.sessions.visibility</c> says, and never more than its caller may: a page that it reads could ask it to look around. Senders of
/// a channel share one caller, so their runs reach their own session only.</summary>
internal sealed class VisibleSessions(
    SessionStore sessions, SessionIndex index, AgentCatalog agents, GatewayConfigStore config)
{
    private const string ChannelCaller = "channel:";

    /// <summary>Newest first.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IReadOnlyList<SessionEntry>> ListAsync(ToolContext context, CancellationToken cancellationToken)
    {
        var owner = context.Caller.IsOperator ? null : context.Caller.Subject;
        return [.. (await index.ListNewestAsync(owner, cancellationToken)).Where(entry =>
            IsVisible(context, new SessionKey(entry.Owner, entry.Agent, entry.Key)))];
    }

    /// <summary>A session by its key or id.</summary>
    /// <param name="name">Null is the session that the call is made for.</param>
    /// <exception cref="ToolException">There is no such session, or it is not visible: nobody can tell which.</exception>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<FoundSession> FindAsync(ToolContext context, string? name, CancellationToken cancellationToken)
    {
        if (name is null or "current")
        {
            var own = context.Session ?? throw new ToolException("The call is made for no session; name one by 'sessionKey'.");
            return await sessions.FindAsync(own, cancellationToken) is { } ownHead ? new FoundSession(own, ownHead, own.Key)
                : throw Unknown("current");
        }

        foreach (var key in Candidates(context, name))
        {
            if (IsVisible(context, key) && await sessions.FindAsync(key, cancellationToken) is { } head)
            {
                return new FoundSession(key, head, SessionIds.ToId(key, agents.Default.Id));
            }
        }

        if (context.Caller.IsOperator && (await ListAsync(context, cancellationToken)).FirstOrDefault(e => e.Key == name.Trim()) is { } entry
            && new SessionKey(entry.Owner, entry.Agent, entry.Key) is var other
            && await sessions.FindAsync(other, cancellationToken) is { } otherHead)
        {
            return new FoundSession(other, otherHead, other.Key);
        }

        throw Unknown(name);
    }

    private IEnumerable<SessionKey> Candidates(ToolContext context, string name)
    {
        if (name.Trim() == "main")
        {
            return [SessionKey.Of(context.Caller, context.Agent.Id, $"agent:{context.Agent.Id}:main")];
        }

        try
        {
            var key = SessionIds.ToKey(agents, context.Caller, null, name, "sessionKey");
            return [key, key with { Key = name.Trim() }];
        }
        catch (GatewayException invalid) when (invalid.Error.Status < 500)
        {
            throw Unknown(name);
        }
    }

    private bool IsVisible(ToolContext context, SessionKey session)
    {
        if (session == context.Session)
        {
            return true;
        }

        var caller = context.Caller;
        var isOwned = caller.IsOperator || session.Owner == caller.Subject;
        if (!isOwned || caller.Key?.MayRun(session.Agent) == false)
        {
            return false;
        }

        return context.RunId is null || (!caller.Subject.StartsWith(ChannelCaller, StringComparison.Ordinal)
            && config.Current.Tools.Sessions.Visibility switch
            {
                SessionToolsSection.All => true,
                SessionToolsSection.OfAgent => session.Agent == context.Agent.Id,
                _ => false,
            });
    }

    private static ToolException Unknown(string name) => new($"There is no session '{GatewayError.Shorten(name)}'.");
}
