using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Models;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Live;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Sessions as clients see them, and the news that one has changed.</summary>
internal sealed partial class SessionView(
    SessionStore sessions, LiveRuns live, RunReplay replay, AgentCatalog agents, ModelCatalog models, EventBus bus, EventAudience audience,
    TimeProvider time, ILogger<SessionView> logger)
{
    private const int IdLength = 16;

    /// <summary>The id of a session's present epoch.</summary>
    public static string IdOf(string partition, long epoch) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{partition[..IdLength]}-{epoch}");

    /// <summary>A session with the runs that hold it on any instance.</summary>
    /// <param name="head">Null for a session that does not exist yet.</param>
    public async Task<SessionRowInfo> DescribeAsync(Caller caller, SessionKey key, SessionHead? head, CancellationToken cancellationToken)
    {
        var row = Describe(SessionNames.NameFor(caller, key), key, head?.Epoch ?? 0, head?.Model) with
        {
            UpdatedAt = (head?.UpdatedAt ?? head?.CreatedAt)?.ToUnixTimeMilliseconds(),
            CreatedAt = head?.CreatedAt?.ToUnixTimeMilliseconds(),
            Label = head?.Title,
            Archived = head?.IsArchived == true,
            Pinned = head?.IsPinned == true,
            ThinkingLevel = head?.Thinking,
        };
        if (row.HasActiveRun || head is null || !sessions.IsHeld(head) || head.LeaseRun is not { } runId || live.Find(runId) is not null)
        {
            return row;
        }

        var run = await replay.FindAsync(key.Partition, runId, cancellationToken);
        return run is null or { HasEnded: true } ? row : row with { HasActiveRun = true, ActiveRunIds = [run.Alias ?? runId] };
    }

    /// <summary>A session of the list. It knows the runs of this process only.</summary>
    public SessionRowInfo Describe(Caller caller, SessionEntry entry)
    {
        var key = new SessionKey(entry.Owner, entry.Agent, entry.Key);
        return Describe(SessionNames.NameFor(caller, key), key, entry.Epoch, entry.Model) with
        {
            UpdatedAt = entry.UpdatedAt.ToUnixTimeMilliseconds(),
            CreatedAt = entry.CreatedAt.ToUnixTimeMilliseconds(),
            Label = entry.Title,
            Archived = entry.IsArchived,
            Pinned = entry.IsPinned,
            ThinkingLevel = entry.Thinking,
        };
    }

    public SessionDefaults Defaults(Agent agent)
    {
        var (provider, model, context) = ModelOf(agent, null);
        return new SessionDefaults(provider, model, context);
    }

    /// <summary>Provider, id and context window of the model that answers.</summary>
    /// <param name="own">The session's own model.</param>
    public (string Provider, string Model, int? ContextTokens) ModelOf(Agent agent, string? own)
    {
        var reference = own ?? (agent.Models.Count > 0 ? agent.Models[0] : models.DefaultReference);
        var found = models.Find(reference);
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        return found is not null ? (found.ProviderId, found.ModelId, found.Info?.ContextWindow)
            : slash > 0 ? (reference[..slash], reference[(slash + 1)..], null)
            : ("", reference, null);
    }

    /// <summary>Tells clients that a session has changed.</summary>
    /// <param name="reason">Such as <c>patch</c>.</param>
    /// <param name="isOrigin">See <see cref="ControlEvent.IsOrigin"/>.</param>
    /// <param name="accepted">A client's name of a run that was accepted and may not have begun: the session is busy with it. Clients take
    /// their button to stop it away when it is missing.</param>
    public async Task AnnounceAsync(
        SessionKey key, string reason, CancellationToken cancellationToken, bool isOrigin = true, string? accepted = null)
    {
        if (!audience.IsPresent)
        {
            return;
        }

        try
        {
            var head = await sessions.FindAsync(key, cancellationToken);
            var row = head is null ? null
                : await DescribeAsync(
                    new Caller(key.Owner.Length == 0 ? Caller.OperatorSubject : key.Owner, Scope.None, true, false), key, head,
                    cancellationToken);
            if (row is not null && accepted is not null && !row.ActiveRunIds.Contains(accepted))
            {
                row = row with { HasActiveRun = true, ActiveRunIds = [.. row.ActiveRunIds, accepted] };
            }

            var at = time.GetUtcNow().ToUnixTimeMilliseconds();
            bus.Publish(new ControlEvent(
                EventNames.SessionsChanged, EventTopic.Sessions, Scope.OperatorRead, key,
                name => FrameWriter.Json(
                    new SessionsChangedPayload(name, key.Agent, reason, at) { Session = row is null ? null : row with { Key = name } },
                    EventsJson.Default.SessionsChangedPayload))
            {
                IsOrigin = isOrigin,
            });
        }
        catch (GatewayException failure)
        {
            LogNotAnnounced(failure.Message);
        }
    }

    /// <summary>The same in the background.</summary>
    public void Announce(SessionKey key, string reason, bool isOrigin = true, string? accepted = null) =>
        _ = AnnounceAsync(key, reason, CancellationToken.None, isOrigin, accepted);

    private SessionRowInfo Describe(string name, SessionKey key, long epoch, string? ownModel)
    {
        string[] active = [.. live.InSession(key.Partition).Where(run => !run.HasEnded).Select(run => run.Alias ?? run.RunId)];
        var agent = agents.Find(key.Agent);
        var kind = SessionKind.Of(key.Key);
        var (provider, model, context) = agent is null ? ("", "", null) : ModelOf(agent, ownModel);
        return new SessionRowInfo(
            name, kind.Type == "direct" ? "direct" : "group", key.Agent, name == $"agent:{key.Agent}:{SessionNames.Main}",
            IdOf(key.Partition, epoch), null, active.Length > 0, active)
        {
            Classification = kind.Channel is { Length: > 0 } channel ? channel : null,
            ModelProvider = provider,
            Model = model,
            ContextTokens = context,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clients were not told about a change of a session: {Reason}")]
    private partial void LogNotAnnounced(string reason);
}
