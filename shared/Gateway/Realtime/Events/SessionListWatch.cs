using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Finds the sessions that other instances have changed, for clients of this process that subscribed to the list: rows of the list
/// that another instance wrote since the last look.</summary>
internal sealed class SessionListWatch(SessionIndex index, SessionView view, TimeProvider time)
{
    /// <summary>A look at a long list is followed by a pause that is so many times as long as the look, up to
    /// <see cref="MaxPause"/>.</summary>
    private const int PauseFactor = 10;

    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(8);

    private DateTimeOffset? _since;
    private DateTimeOffset _next;

    /// <param name="isWanted">Whether any client has subscribed to the list.</param>
    /// <exception cref="Errors.GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task LookAsync(bool isWanted, CancellationToken cancellationToken)
    {
        if (!isWanted)
        {
            _since = null;
            return;
        }

        if (time.GetUtcNow() < _next)
        {
            return;
        }

        var began = time.GetTimestamp();
        // What came between the first client and the first look is no news missed.
        var since = _since ?? await index.ReadClockAsync(cancellationToken) - (2 * ConnectionHub.LookInterval);
        _since = since;
        await foreach (var (entry, changedAt) in index.ReadForeignAsync(since, cancellationToken))
        {
            _since = changedAt > _since ? changedAt : _since;
            view.Announce(new SessionKey(entry.Owner, entry.Agent, entry.Key), "storage", isOrigin: false);
        }

        var pause = time.GetElapsedTime(began) * PauseFactor;
        _next = time.GetUtcNow() + (pause < MaxPause ? pause : MaxPause);
    }
}
