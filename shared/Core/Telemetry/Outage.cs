namespace OpenClaw.Telemetry;

/// <summary>Whether repeated work fails just now, so that the log has one line for an outage, however many ticks it lasts.</summary>
public sealed class Outage
{
    private int _lasts;

    /// <summary>Notes a failure.</summary>
    /// <returns>True for the first one, and the first after a success.</returns>
    public bool Begins() => Interlocked.Exchange(ref _lasts, 1) == 0;

    /// <summary>Notes a success.</summary>
    public void End() => Volatile.Write(ref _lasts, 0);
}
