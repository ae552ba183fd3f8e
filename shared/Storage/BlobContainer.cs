using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;

namespace OpenClaw.Storage;

/// <summary>
/// One container of block blobs. Names are stored as given, <c>/</c> separating folders; the segments <c>.</c> and <c>..</c> are refused.
/// Every failure that is not described here is a <see cref="StorageException"/>.
/// Source: learn.microsoft.com/rest/api/storageservices/blob-service-rest-api.
/// </summary>
public sealed class BlobContainer
{
    private readonly StoragePipeline _pipeline;
    private readonly bool _createOnFirstUse;
    private readonly string _target;

    internal BlobContainer(StoragePipeline pipeline, string name, bool createOnFirstUse)
    {
        StorageLimits.CheckContainerOrQueueName(name);
        _pipeline = pipeline;
        _createOnFirstUse = createOnFirstUse;
        _target = $"container '{name}'";
        Name = name;
    }

    public string Name { get; }

    /// <summary>False when it exists already. No public access.</summary>
    public async Task<bool> CreateIfNotExistsAsync(CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Put, $"/{Name}?restype=container", _target), cancellationToken);
        return !(reply.Status == 409 && reply.ErrorCode == StorageErrorCode.ContainerAlreadyExists) && reply.ThrowIfFailed().IsSuccess;
    }

    /// <summary>Deletes the container with all it holds; false when there was none. The name stays taken for a while (<c>409 ContainerBeingDeleted</c>).</summary>
    public async Task<bool> DeleteContainerAsync(CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Delete, $"/{Name}?restype=container", _target), cancellationToken);
        return reply.Status != 404 && reply.ThrowIfFailed().IsSuccess;
    }

    /// <exception cref="StorageException"><c>409 BlobAlreadyExists</c>, <c>412 ConditionNotMet</c>, <c>412 LeaseIdMissing</c>.</exception>
    public Task<BlobWrite> UploadAsync(string name, ReadOnlyMemory<byte> content, BlobUploadOptions? options, CancellationToken cancellationToken) =>
        new BlobUpload(PathOf(name), _target, options ?? new(), SendWriteAsync).WriteAsync(content, cancellationToken);

    /// <summary>Reads the stream to its end, holding at most 8 MiB of it. Readers see the blob only when it is whole.</summary>
    /// <exception cref="StorageException"><c>409 BlobAlreadyExists</c>, <c>412 ConditionNotMet</c>, <c>412 LeaseIdMissing</c>.</exception>
    public Task<BlobWrite> UploadAsync(string name, Stream content, BlobUploadOptions? options, CancellationToken cancellationToken) =>
        new BlobUpload(PathOf(name), _target, options ?? new(), SendWriteAsync).WriteAsync(content, cancellationToken);

    /// <summary>Reads into memory; null when there is no such blob.</summary>
    /// <exception cref="StorageException"><c>412 ConditionNotMet</c>, <c>416 InvalidRange</c>.</exception>
    public async Task<BlobContent?> DownloadAsync(string name, BlobReadOptions? options, CancellationToken cancellationToken)
    {
        using var reply = await SendReadAsync(name, options ?? new(), streams: false, cancellationToken);
        return IsAbsent(reply) ? null
            : reply.Status == 304 ? new([], BlobProperties.Read(reply))
            : new(reply.ThrowIfFailed().Body.ToArray(), BlobProperties.Read(reply));
    }

    /// <summary>Reads as it arrives; null when there is no such blob.</summary>
    /// <exception cref="StorageException"><c>412 ConditionNotMet</c>, <c>416 InvalidRange</c>.</exception>
    public async Task<BlobReader?> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellationToken)
    {
        options ??= new();
        using var reply = await SendReadAsync(name, options, streams: true, cancellationToken);
        if (IsAbsent(reply))
        {
            return null;
        }

        var properties = BlobProperties.Read(reply);
        if (properties.NotModified)
        {
            return new(Stream.Null, properties);
        }

        var length = long.TryParse(reply.ThrowIfFailed().Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        return new(new BlobReadStream(this, name, reply.TakeStream(), options.Offset, length, properties.ETag), properties);
    }

    /// <summary>Null when there is no such blob.</summary>
    public async Task<BlobProperties?> GetPropertiesAsync(string name, CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Head, PathOf(name), _target), cancellationToken);
        return IsAbsent(reply) ? null : BlobProperties.Read(reply.ThrowIfFailed());
    }

    public async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => await GetPropertiesAsync(name, cancellationToken) is not null;

    /// <summary>False when there is no such blob; after a retry that may be the work of an earlier try.</summary>
    /// <param name="ifMatch">The version to delete; null deletes any.</param>
    /// <exception cref="StorageException"><c>412 ConditionNotMet</c>, <c>412 LeaseIdMissing</c>.</exception>
    public async Task<bool> DeleteAsync(string name, ETag? ifMatch, string? leaseId, CancellationToken cancellationToken)
    {
        var request = new StorageRequest(RequestMethod.Delete, PathOf(name), _target).IfMatch(ifMatch).With("x-ms-lease-id", leaseId);
        using var reply = await _pipeline.SendAsync(request, cancellationToken);
        return !IsAbsent(reply) && reply.ThrowIfFailed().IsSuccess;
    }

    /// <summary>Reads page by page, each when the enumeration gets there.</summary>
    public async IAsyncEnumerable<BlobItem> ListAsync(string? prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await ListPageAsync(prefix, delimiter: null, continuation, StorageLimits.PageRows, cancellationToken);
            foreach (var blob in page.Blobs)
            {
                yield return blob;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <param name="delimiter">Usually <c>/</c>: lists one level and names the folders below it. Null lists all.</param>
    /// <param name="continuation">From the page before; null for the first.</param>
    /// <param name="size">Most blobs and folders of the page, up to 1,000.</param>
    public async Task<BlobPage> ListPageAsync(string? prefix, string? delimiter, string? continuation, int size, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/{Name}?restype=container&comp=list&maxresults={Math.Clamp(size, 1, StorageLimits.PageRows)}")
            + Parameter("prefix", prefix) + Parameter("delimiter", delimiter) + Parameter("marker", continuation);
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Get, path, _target), cancellationToken);
        return IsAbsent(reply) ? new([], [], null) : BlobPage.Read(reply.ThrowIfFailed().Body);
    }

    /// <summary>Takes an exclusive lease on a blob that exists. Returns its id.</summary>
    /// <param name="duration">15 to 60 s; null leases until it is released or broken.</param>
    /// <param name="proposedId">A GUID; asking again for a lease one holds under the same id renews it.</param>
    /// <exception cref="StorageException"><c>409 LeaseAlreadyPresent</c>, <c>404 BlobNotFound</c>.</exception>
    public async Task<string> AcquireLeaseAsync(string name, TimeSpan? duration, string? proposedId, CancellationToken cancellationToken)
    {
        if (duration is { TotalSeconds: < 15 or > 60 })
        {
            throw new StorageLimitException("A lease lasts 15 to 60 seconds, or is infinite.");
        }

        var id = proposedId ?? Guid.NewGuid().ToString(); // always proposed, so that a retry asks for the lease it may already hold
        var seconds = duration is { } time ? ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture) : "-1";
        using var reply = await SendLeaseAsync(name, "acquire", null, ("x-ms-lease-duration", seconds), ("x-ms-proposed-lease-id", id), cancellationToken);
        return reply.Header("x-ms-lease-id") ?? id;
    }

    /// <summary>Starts the lease's duration again.</summary>
    /// <exception cref="StorageException"><c>409 LeaseIdMismatchWithLeaseOperation</c>, <c>409 LeaseIsBrokenAndCannotBeRenewed</c>.</exception>
    public async Task RenewLeaseAsync(string name, string leaseId, CancellationToken cancellationToken) =>
        (await SendLeaseAsync(name, "renew", leaseId, default, default, cancellationToken)).Dispose();

    /// <exception cref="StorageException"><c>409 LeaseIdMismatchWithLeaseOperation</c>.</exception>
    public async Task ReleaseLeaseAsync(string name, string leaseId, CancellationToken cancellationToken) =>
        (await SendLeaseAsync(name, "release", leaseId, default, default, cancellationToken)).Dispose();

    /// <summary>Ends another's lease. Returns how long it still holds.</summary>
    /// <param name="period">0 to 60 s; null waits out what is left of it.</param>
    public async Task<TimeSpan> BreakLeaseAsync(string name, TimeSpan? period, CancellationToken cancellationToken)
    {
        var seconds = period is { } time ? ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;
        using var reply = await SendLeaseAsync(name, "break", null, ("x-ms-lease-break-period", seconds), default, cancellationToken);
        return int.TryParse(reply.Header("x-ms-lease-time"), NumberStyles.None, CultureInfo.InvariantCulture, out var left) ? TimeSpan.FromSeconds(left) : TimeSpan.Zero;
    }

    /// <summary>The rest of a blob that <see cref="BlobReadStream"/> lost the connection to.</summary>
    internal async Task<Stream> OpenRangeAsync(string name, BlobReadOptions options, CancellationToken cancellationToken)
    {
        using var reply = await SendReadAsync(name, options, streams: true, cancellationToken);
        return reply.ThrowIfFailed().TakeStream();
    }

    private static string Parameter(string name, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private string PathOf(string name)
    {
        StorageLimits.CheckBlobName(name);
        return $"/{Name}/{Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal)}";
    }

    /// <summary>No blob; or no container, where that is the same. HEAD answers have no body but carry the code in a header.</summary>
    private bool IsAbsent(StorageReply reply) =>
        reply.Status == 404 && (_createOnFirstUse || reply.ErrorCode != StorageErrorCode.ContainerNotFound);

    private Task<StorageReply> SendReadAsync(string name, BlobReadOptions options, bool streams, CancellationToken cancellationToken)
    {
        var request = new StorageRequest(RequestMethod.Get, PathOf(name), _target) { StreamsReply = streams };
        return _pipeline.SendAsync(request.With("x-ms-range", options.RangeHeader).IfMatch(options.IfMatch).IfNoneMatch(options.IfNoneMatch), cancellationToken);
    }

    private async Task<StorageReply> SendWriteAsync(StorageRequest request, CancellationToken cancellationToken)
    {
        var reply = await _pipeline.SendAsync(request, cancellationToken);
        if (!_createOnFirstUse || reply.Status != 404 || reply.ErrorCode != StorageErrorCode.ContainerNotFound)
        {
            return reply;
        }

        reply.Dispose();
        await CreateIfNotExistsAsync(cancellationToken);
        return await _pipeline.SendAsync(request, cancellationToken);
    }

    private async Task<StorageReply> SendLeaseAsync(
        string name, string action, string? leaseId, (string Name, string? Value) first, (string Name, string? Value) second, CancellationToken cancellationToken)
    {
        var request = new StorageRequest(RequestMethod.Put, $"{PathOf(name)}?comp=lease", _target)
            .With("x-ms-lease-action", action).With("x-ms-lease-id", leaseId).With(first.Name, first.Value).With(second.Name, second.Value);
        var reply = await _pipeline.SendAsync(request, cancellationToken);
        if (!reply.IsSuccess)
        {
            using (reply)
            {
                reply.ThrowIfFailed();
            }
        }

        return reply;
    }
}
