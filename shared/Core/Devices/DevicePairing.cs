using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Devices;

/// <summary>Requests of devices that wait until a person approves or rejects them.</summary>
public sealed class DevicePairing(GatewayStorage storage, DeviceStore devices, TimeProvider time)
{
    private StorageTable Table => storage.Table(DeviceCache.TableName);

    /// <summary>Pairing requests without a decision, oldest first. Expired requests are deleted.</summary>
    /// <exception cref="GatewayException"><c>503
    /// storage_unavailable</c>.</exception>
    public async Task<List<PairingRequest>> ListAsync(CancellationToken cancellationToken)
    {
        var requests = new List<PairingRequest>();
        var oldest = time.GetUtcNow() - PairingRequest.Lifetime;
        await foreach (var row in Table.QueryAsync<PairingRow>(new TableQuery { PartitionKey = PairingRow.Partition }, cancellationToken))
        {
            var request = row.ToRequest();
            if (request.At > oldest)
            {
                requests.Add(request);
            }
            else
            {
                await Table.DeleteAsync(PairingRow.Partition, row.RowKey, etag: null, cancellationToken);
            }
        }

        requests.Sort(static (a, b) => a.At.CompareTo(b.At));
        return requests;
    }

    /// <summary>Asks for a device to be paired. A device that asks again for no more than before gets the request it has.</summary>
    /// <returns>The request, and whether it is new.</returns>
    /// <exception cref="GatewayException"><c>429 rate_limited</c>: too many requests wait already; <c>503 storage_unavailable</c>.</exception>
    public async Task<(PairingRequest Request, bool IsNew)> RequestAsync(
        DeviceFacts facts, Scope scopes, string? remoteAddress, bool isRepair, CancellationToken cancellationToken)
    {
        var waiting = await ListAsync(cancellationToken);
        var own = waiting.Find(r => r.Facts.Identity.Id == facts.Identity.Id);
        if (own is not null && own.Scopes.Covers(scopes))
        {
            return (own, false);
        }

        if (own is null && waiting.Count >= PairingRequest.MaxPending)
        {
            throw new GatewayException(GatewayError.PairingFull(waiting[0].At + PairingRequest.Lifetime - time.GetUtcNow()));
        }

        var request = new PairingRequest(
            own?.RequestId ?? Guid.NewGuid().ToString("D"), facts, scopes | (own?.Scopes ?? Scope.None), remoteAddress, isRepair,
            time.GetUtcNow());
        await Table.UpsertAsync(new PairingRow(request), cancellationToken);
        return (request, own is null);
    }

    /// <summary>Pairs the device of a request.</summary>
    /// <exception cref="GatewayException"><c>404 pairing_request_not_found</c>, <c>403 forbidden</c>: it asks for more than the caller
    /// may do; <c>503 storage_unavailable</c>.</exception>
    public async Task<Device> ApproveAsync(Caller caller, string requestId, CancellationToken cancellationToken)
    {
        var request = await FindAsync(requestId, cancellationToken);
        if (!caller.Scopes.Covers(request.Scopes))
        {
            throw new GatewayException(GatewayError.Forbidden("The device asks for more than you may do, so you cannot approve it."));
        }

        if (!caller.IsOperator && await devices.FindAsync(request.Facts.Identity.Id, cancellationToken) is { } known
            && known.Owner != caller.Subject)
        {
            throw new GatewayException(GatewayError.Forbidden("This device belongs to another caller."));
        }

        var device = await devices.ApproveAsync(request.Facts, request.Scopes, caller.Subject, "owner", cancellationToken);
        await Table.DeleteAsync(PairingRow.Partition, device.Id, etag: null, cancellationToken);
        return device;
    }

    /// <summary>Deletes a request; the device may ask again.</summary>
    /// <exception cref="GatewayException"><c>404 pairing_request_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<PairingRequest> RejectAsync(string requestId, CancellationToken cancellationToken)
    {
        var request = await FindAsync(requestId, cancellationToken);
        await Table.DeleteAsync(PairingRow.Partition, request.Facts.Identity.Id, etag: null, cancellationToken);
        return request;
    }

    /// <summary>Deletes the request of a device that was approved in another way.</summary>
    public Task ForgetAsync(string deviceId, CancellationToken cancellationToken) =>
        Table.DeleteAsync(PairingRow.Partition, deviceId, etag: null, cancellationToken);

    private async Task<PairingRequest> FindAsync(string requestId, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).Find(r => r.RequestId == requestId)
            ?? throw new GatewayException(GatewayError.PairingRequestNotFound(requestId));
}
