namespace OpenClaw.Gateway.Channels.Outbox;

/// <summary>How replies that could not be delivered are tried again; replaced in tests.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Failures of one part after which its reply is given up.</summary>
    public int MostFailures { get; init; } = 10;

    /// <summary>Tries of one part without an answer, where the platform cannot tell whether it arrived: so many may arrive.</summary>
    public int MostUnanswered { get; init; } = 2;

    /// <summary>The pause after the first failure; it doubles with each.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A longer pause is not waited for here: a wake-up brings the reply back.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan PauseAfter(int failures) =>
        FirstPause * Math.Pow(2, Math.Min(failures - 1, 20)) is var pause && pause < LongestPause ? pause : LongestPause;
}
