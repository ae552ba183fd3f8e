namespace OpenClaw.Configuration;

/// <summary>Jobs that the clock starts.</summary>
public sealed class CronSection
{
    public bool Enabled { get; set; } = true;

    /// <summary>Sent as bearer token to the URLs that jobs deliver to.</summary>
    public string? WebhookToken { get; set; }

    /// <summary>Private hosts that such URLs may name.</summary>
    public IReadOnlyList<string> WebhookAllowedHostnames { get; set; } = [];

    /// <summary>Whether a job that was missed while no instance ran is not made up for.</summary>
    public bool SkipMissedJobs { get; set; }
}
