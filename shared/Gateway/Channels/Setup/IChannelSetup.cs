namespace OpenClaw.Gateway.Channels.Setup;

/// <summary>Tells a platform about this gateway, as far as its API allows, and its operator about the rest.</summary>
public interface IChannelSetup
{
    /// <summary>The channel's id.</summary>
    string Channel { get; }

    /// <summary>May be repeated at any time. Never throws for what the platform or the network does.</summary>
    /// <param name="origin">Where the platform reaches the gateway, without a slash at the end.</param>
    Task<SetupReport> SetUpAsync(ChannelAccount account, string origin, CancellationToken cancellationToken);
}

/// <param name="IsDone">Whether all calls to the platform succeeded.</param>
/// <param name="Lines">For the operator: what was done, what failed, and what is left to do by hand. Without secrets.</param>
public sealed record SetupReport(bool IsDone, IReadOnlyList<string> Lines)
{
    public static SetupReport Failed(string problem) => new(false, [problem]);
}
