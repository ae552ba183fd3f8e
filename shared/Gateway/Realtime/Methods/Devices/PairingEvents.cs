using Microsoft.Extensions.Hosting;
using OpenClaw.Devices;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Devices;

/// <summary>Tells clients that may pair devices about requests and decisions of this process.</summary>
internal sealed class PairingEvents(DeviceChanges changes, EventBus bus, TimeProvider time) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Requested += OnRequested;
        changes.Resolved += OnResolved;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Requested -= OnRequested;
        changes.Resolved -= OnResolved;
        return Task.CompletedTask;
    }

    private void OnRequested(PairingRequest request) => bus.Publish(ControlEvent.Of(
        EventNames.PairingRequested, EventTopic.Scoped, Scope.OperatorPairing,
        FrameWriter.Json(DeviceMethods.Describe(request), EventsJson.Default.PairingEntry)));

    private void OnResolved(ResolvedPairing resolved) => bus.Publish(ControlEvent.Of(
        EventNames.PairingResolved, EventTopic.Scoped, Scope.OperatorPairing,
        FrameWriter.Json(
            new PairResolvedPayload(
                resolved.RequestId, resolved.DeviceId, resolved.Decision, time.GetUtcNow().ToUnixTimeMilliseconds()),
            EventsJson.Default.PairResolvedPayload)));
}
