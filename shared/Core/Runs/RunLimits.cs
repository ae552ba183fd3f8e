using OpenClaw.Configuration;

namespace OpenClaw.Runs;

/// <summary>How long runs may take, by configuration.</summary>
public sealed class RunLimits(GatewayConfigStore config)
{
    private static readonly TimeSpan MinBackground = TimeSpan.FromMinutes(60);

    /// <summary>A run with a caller waiting.</summary>
    public TimeSpan Interactive =>
        config.Current.Agents.Defaults.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : RunRequest.DefaultLimit;

    /// <summary>A run without a waiting caller.</summary>
    public TimeSpan Background => Interactive > MinBackground ? Interactive : MinBackground;
}
