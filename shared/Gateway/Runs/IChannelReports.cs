namespace OpenClaw.Gateway.Runs;

/// <summary>How the channels do, for the rooms that show it.</summary>
public interface IChannelReports
{
    /// <summary>Every channel of the configuration, one entry for each account.</summary>
    Task<IReadOnlyList<ChannelReport>> ListAsync(CancellationToken cancellationToken);
}

/// <param name="Channel">Such as <c>telegram</c>.</param>
/// <param name="IsEnabled">Whether channel and account are switched on.</param>
/// <param name="IsKnown">Whether this gateway has such a channel.</param>
/// <param name="HasSecrets">Whether all keys are set that the channel needs.</param>
public sealed record ChannelReport(string Channel, string Account, bool IsEnabled, bool IsKnown, bool HasSecrets)
{
    /// <summary>When the platform last called with a valid proof, on any instance; to the minute.</summary>
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>When a reply was last delivered, on any instance; to the minute.</summary>
    public DateTimeOffset? LastOutboundAt { get; init; }

    /// <summary>The last failure of a delivery; null when a later one succeeded.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Whether that failure was final: the last reply was given up, and none has been delivered since, on any instance.</summary>
    public bool IsLastGivenUp { get; init; }

    /// <summary>Replies that this instance could not deliver yet.</summary>
    public int Waiting { get; init; }

    /// <summary>Messages that this instance sent again without knowing whether they had arrived.</summary>
    public long AmbiguousDeliveries { get; init; }

    /// <summary>Replies that this instance gave up.</summary>
    public long Undelivered { get; init; }

    /// <summary><c>active</c>, <c>disabled</c>, <c>unavailable</c> (this gateway has no such channel), <c>misconfigured</c> or
    /// <c>error</c>.</summary>
    public string Status => !IsEnabled ? "disabled" : !IsKnown ? "unavailable" : !HasSecrets ? "misconfigured"
        : LastError is not null ? "error" : "active";
}
