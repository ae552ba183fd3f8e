namespace OpenClaw.Runs.Durable;

/// <summary>How often a follower polls for a run that another instance executes.</summary>
public sealed class RunSignalOptions
{
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>A follower that sees no event for this long has the run dispatched again.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(2);
}
