namespace OpenClaw.Configuration;

/// <summary>What differs between the hosts and matters below them.</summary>
/// <param name="IsWorker">True under the Functions host, where every peer is the host on loopback and no address can be trusted.</param>
/// <param name="AnswerLimit">How long a JSON answer may take beyond the run's own limit; under the Functions host 200 s (the front end
/// gives up at 230 s).</param>
public sealed record HostTraits(bool IsWorker, TimeSpan AnswerLimit)
{
    public static HostTraits SelfHost { get; } = new(false, Timeout.InfiniteTimeSpan);

    /// <summary>The Functions host drains before it asks its worker to end, and kills it 5 s later.</summary>
    public static HostTraits Worker { get; } = new(true, TimeSpan.FromSeconds(200)) { DrainTime = TimeSpan.FromSeconds(2) };

    /// <summary>How long requests are still accepted once the host has begun to stop.</summary>
    public TimeSpan StopNotice { get; init; }

    /// <summary>How long running requests may go on once the host has begun to stop.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(14);
}
