using Microsoft.Extensions.Hosting;
using OpenClaw.Devices;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Methods.Devices;

/// <summary>Tells clients that may pair devices about requests and decisions: those of this process at once, those of other instances when
/// the waiting requests are looked at, every two seconds.</summary>
internal sealed class PairingEvents(
    DeviceChanges changes, DevicePairing pairing, DeviceStore devices, ConnectionHub hub, EventBus bus, TimeProvider time) : IHostedService
{
    private readonly Lock _lock = new();

    /// <summary>The requests that clients know of; null while nobody looks.</summary>
    private Dictionary<string, PairingRequest>? _known;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Requested += OnRequested;
        changes.Resolved += OnResolved;
        hub.Looking += LookAsync;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Requested -= OnRequested;
        changes.Resolved -= OnResolved;
        hub.Looking -= LookAsync;
        return Task.CompletedTask;
    }

    private void OnRequested(PairingRequest request)
    {
        lock (_lock)
        {
            _known?.TryAdd(request.RequestId, request);
        }

        Announce(request, isOrigin: true);
    }

    private void OnResolved(ResolvedPairing resolved)
    {
        lock (_lock)
        {
            _known?.Remove(resolved.RequestId);
        }

        Announce(resolved, isOrigin: true);
    }

    private async Task LookAsync()
    {
        if (!hub.HasAudience(EventTopic.Scoped, Scope.OperatorPairing))
        {
            lock (_lock)
            {
                _known = null;
            }

            return;
        }

        var waiting = (await pairing.ListAsync(CancellationToken.None)).ToDictionary(request => request.RequestId, StringComparer.Ordinal);
        List<PairingRequest> came, went;
        lock (_lock)
        {
            var recent = time.GetUtcNow() - ConnectionHub.LookInterval; // came after the first client, before the first look
            _known ??= waiting.Values.Where(request => request.At < recent)
                .ToDictionary(request => request.RequestId, StringComparer.Ordinal);
            var known = _known;
            came = [.. waiting.Values.Where(request => known.TryAdd(request.RequestId, request))];
            went = [.. known.Values.Where(request => !waiting.ContainsKey(request.RequestId))];
            went.ForEach(request => known.Remove(request.RequestId));
        }

        came.ForEach(request => Announce(request, isOrigin: false));
        foreach (var request in went)
        {
            var id = request.Facts.Identity.Id;
            var isApproved = await devices.FindAsync(id, CancellationToken.None) is { } device && device.ApprovedAt >= request.At;
            Announce(new ResolvedPairing(request.RequestId, id, isApproved ? "approved" : "rejected"), isOrigin: false);
        }
    }

    private void Announce(PairingRequest request, bool isOrigin) => bus.Publish(ControlEvent.Of(
        EventNames.PairingRequested, EventTopic.Scoped, Scope.OperatorPairing,
        FrameWriter.Json(DeviceMethods.Describe(request), EventsJson.Default.PairingEntry), isOrigin));

    private void Announce(ResolvedPairing resolved, bool isOrigin) => bus.Publish(ControlEvent.Of(
        EventNames.PairingResolved, EventTopic.Scoped, Scope.OperatorPairing,
        FrameWriter.Json(
            new PairResolvedPayload(
                resolved.RequestId, resolved.DeviceId, resolved.Decision, time.GetUtcNow().ToUnixTimeMilliseconds()),
            EventsJson.Default.PairResolvedPayload),
        isOrigin));
}
