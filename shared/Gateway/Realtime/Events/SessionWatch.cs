using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Live;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Telemetry;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Sessions whose messages clients of this process have subscribed to. Runs of this process announce themselves; what other
/// instances do is found by a look at the session's head every second.</summary>
internal sealed partial class SessionWatch(
    SessionStore sessions, LiveRuns live, RunReplay replay, Transcript transcript, RunBroadcast broadcast, EventBus bus, SessionView view,
    TimeProvider time, ILogger<SessionWatch> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Entries of one look that are sent as messages; a client that missed more reads the history.</summary>
    private const int MaxEntries = 200;

    private readonly ConcurrentDictionary<string, Watched> _sessions = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Outage _outage = new();
    private ITimer? _timer;
    private int _isLooking;

    public void Set(string connectionId, SessionKey session, bool wanted)
    {
        lock (_lock)
        {
            if (wanted)
            {
                _sessions.GetOrAdd(session.Partition, _ => new Watched(session)).Connections.Add(connectionId);
                _timer ??= time.CreateTimer(static watch => _ = ((SessionWatch)watch!).LookAsync(), this, Interval, Interval);
            }
            else if (_sessions.TryGetValue(session.Partition, out var watched))
            {
                Remove(watched, connectionId);
            }
        }
    }

    /// <summary>Ends all subscriptions of a connection.</summary>
    public void Forget(string connectionId)
    {
        lock (_lock)
        {
            foreach (var watched in _sessions.Values)
            {
                Remove(watched, connectionId);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }
    }

    private void Remove(Watched watched, string connectionId)
    {
        watched.Connections.Remove(connectionId);
        if (watched.Connections.Count == 0)
        {
            _sessions.TryRemove(watched.Session.Partition, out _);
        }
    }

    private async Task LookAsync()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return; // storage is slow; the look under way goes on
        }

        try
        {
            foreach (var watched in _sessions.Values)
            {
                await LookAsync(watched);
            }

            _outage.End();
        }
        catch (Exception failure)
        {
            if (_outage.Begins())
            {
                LogFailed(failure.Message); // any exception: the next tick looks again
            }
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private async Task LookAsync(Watched watched)
    {
        var session = watched.Session;
        if (live.InSession(session.Partition).Any())
        {
            watched.Seen = null; // this process announces what happens
            return;
        }

        var head = await sessions.FindAsync(session, CancellationToken.None);
        var (version, next, epoch) = head is null ? (0, 0, 0) : (head.Version, head.NextSeq, head.Epoch);
        var before = watched.Seen;
        watched.Seen = (version, next, epoch);
        if (head is { LeaseRun: { } runId } && sessions.IsHeld(head))
        {
            if (await replay.FindAsync(session.Partition, runId, CancellationToken.None) is { HasEnded: false, Kind: not RunRow.Interactive } run)
            {
                watched.Followed = runId;
                broadcast.Follow(session, runId, run.Alias);
            }

            return;
        }

        if (before is not { } known || known == watched.Seen)
        {
            return;
        }

        if (watched.Followed is null && next > known.NextSeq)
        {
            await PublishAsync(session, Math.Max(known.NextSeq, next - MaxEntries), next);
        }

        watched.Followed = null;
        view.Announce(session, "storage", isOrigin: false);
    }

    private async Task PublishAsync(SessionKey session, long from, long to)
    {
        foreach (var stored in await transcript.ReadEntriesAsync(session.Partition, from, to, CancellationToken.None))
        {
            bus.Publish(new ControlEvent(
                EventNames.SessionMessage, EventTopic.Messages, Scope.OperatorRead, session,
                name => FrameWriter.Json(MessageView.Wrap(stored, name, session.Agent), EventsJson.Default.SessionMessagePayload))
            {
                IsOrigin = false,
            });
        }
    }

    private sealed class Watched(SessionKey session)
    {
        public SessionKey Session { get; } = session;

        public HashSet<string> Connections { get; } = new(StringComparer.Ordinal);

        /// <summary>What the last look saw; null when this process has announced what happened since.</summary>
        public (long Version, long NextSeq, long Epoch)? Seen { get; set; }

        /// <summary>The run of another instance that is followed, and whose messages come with it.</summary>
        public string? Followed { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sessions that clients watch could not be read: {Reason}")]
    private partial void LogFailed(string reason);
}
