using OpenClaw.Configuration;

namespace OpenClaw.Runs;

/// <summary>How long runs may take, as configured.</summary>
public sealed class RunLimits(GatewayConfigStore config)
{
    private static readonly TimeSpan MinBackground = TimeSpan.FromMinutes(60);

    /// <summary>The limit of a run with a waiting caller.</summary>
    public TimeSpan Interactive =>
        config.Current.Agents.Defaults.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : RunRequest.DefaultLimit;

    /// <summary>How many times one run may call models.</summary>
    public int MaxSteps => config.Current.Tools.MaxSteps;

    /// <summary>The limit of a run without a waiting caller.</summary>
    public TimeSpan Background => Interactive > MinBackground ? Interactive : MinBackground;
}
