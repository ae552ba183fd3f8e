using OpenClaw.Configuration;
using OpenClaw.Errors;

namespace OpenClaw.Security.Rights;

/// <summary>Channels: what their senders ask for is run with the channel's own rights, as long as the channel is switched on.</summary>
internal sealed class ChannelSource(GatewayConfigStore config) : ICallerSource
{
    public bool Knows(Caller caller) => Caller.ChannelOf(caller.Subject) is not null;

    public ValueTask<Caller> RenewAsync(Caller caller, CancellationToken cancellationToken) =>
        config.Current.Channels.Find(Caller.ChannelOf(caller.Subject)!) is { Enabled: true } ? ValueTask.FromResult(caller)
            : throw new GatewayException(GatewayError.Unauthorized("The channel was switched off."));
}
