namespace OpenClaw.Tests.Support;

/// <summary>The machine's clock, so much fast or slow. Timers fire as they do on the machine.</summary>
public sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
