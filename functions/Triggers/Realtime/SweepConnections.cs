using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Realtime.SignalR;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every ten minutes: ends connections of SignalR Service whose time or credential is over, and deletes their rows.</summary>
public sealed class SweepConnections(ConnectionSweeper sweeper)
{
    [Function(nameof(SweepConnections))]
    public Task RunAsync([TimerTrigger("0 */10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        sweeper.SweepAsync(cancellationToken);
}
