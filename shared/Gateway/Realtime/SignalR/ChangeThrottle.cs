using OpenClaw.Gateway.Realtime.Events;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Lets one <c>sessions.changed</c> of a session through at once, then at most one a second, the newest.</summary>
internal sealed class ChangeThrottle(TimeProvider time, Action<ControlEvent> send)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Pause> _pauses = new(StringComparer.Ordinal);

    public void Offer(ControlEvent changed)
    {
        var session = changed.Session!.Partition;
        lock (_pauses)
        {
            if (_pauses.TryGetValue(session, out var pause))
            {
                pause.Newest = changed;
                return;
            }

            pause = new Pause();
            _pauses.Add(session, pause);
            pause.Timer = time.CreateTimer(_ => End(session, pause), null, Interval, Interval);
        }

        send(changed);
    }

    private void End(string session, Pause pause)
    {
        ControlEvent? newest;
        lock (_pauses)
        {
            (newest, pause.Newest) = (pause.Newest, null);
            if (newest is null)
            {
                _pauses.Remove(session);
                pause.Timer?.Dispose();
                return;
            }
        }

        send(newest);
    }

    private sealed class Pause
    {
        public ControlEvent? Newest { get; set; }

        public ITimer? Timer { get; set; }
    }
}
