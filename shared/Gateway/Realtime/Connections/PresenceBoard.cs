using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>Who is connected to this process. A change is announced at once, the next ones together after a pause that grows with the
/// number of clients: each announcement has a row for each client and goes to all of them.</summary>
internal sealed class PresenceBoard(Func<IEnumerable<ControlConnection>> connections, TimeProvider time) : IDisposable
{
    /// <summary>Clients in one list; the newest are shown.</summary>
    private const int MaxClients = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseOfEach = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private DateTimeOffset _next;
    private bool _isPlanned;
    private long _version;

    /// <summary>Counts changes.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The gateway itself and its clients; the caller sees its own clients, the operator all.</summary>
    public IReadOnlyList<PresenceEntry> List(Caller caller)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return
        [
            new PresenceEntry(now)
            {
                Host = "openclaw-functions", Version = ConnectionHub.Version, Platform = "dotnet", Mode = "gateway", Reason = "self",
                Text = $"Gateway: OpenClaw Functions {ConnectionHub.Version}", InstanceId = "gateway",
            },
            .. connections().Where(c => c.Caller is { } other && (caller.IsOperator || other.Subject == caller.Subject))
                .OrderByDescending(c => c.Info.Since).Take(MaxClients).Reverse()
                .Select(c => PresenceEntry.Of(c.Info, c.Caller!.Scopes, c.ConnectionId)),
        ];
    }

    /// <summary>A client came or left.</summary>
    public void Change()
    {
        Interlocked.Increment(ref _version);
        lock (_lock)
        {
            if (_isPlanned)
            {
                return;
            }

            var wait = _next - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                _isPlanned = true;
                _timer ??= time.CreateTimer(
                    static board => ((PresenceBoard)board!).Announce(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Announce();
    }

    public void Dispose() => _timer?.Dispose();

    private void Announce()
    {
        var clients = connections().Where(c => c.Caller is not null).ToList();
        lock (_lock)
        {
            _isPlanned = false;
            _next = time.GetUtcNow() + Pause + (PauseOfEach * clients.Count);
        }

        foreach (var group in clients.GroupBy(c => c.Caller!.Subject))
        {
            var payload = FrameWriter.Json(new PresenceList(List(group.First().Caller!)), ConnectJson.Default.PresenceList);
            var announced = ControlEvent.Of("presence", EventTopic.Gateway, Scope.None, payload);
            foreach (var connection in group)
            {
                connection.Offer(announced);
            }
        }
    }
}
