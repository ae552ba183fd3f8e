using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Azure.Core;

namespace OpenClaw.Storage;

/// <summary>
/// One queue of texts, delivered at least once and in no strict order; stored as base64 because the Functions host's queue trigger expects
/// that. A send that was retried can be in the queue twice. Every failure that is not described here is a <see cref="StorageException"/>.
/// Source: learn.microsoft.com/rest/api/storageservices/queue-service-rest-api.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue.")]
public sealed class StorageQueue
{
    private readonly StoragePipeline _pipeline;
    private readonly bool _createOnFirstUse;
    private readonly string _target;

    internal StorageQueue(StoragePipeline pipeline, string name, bool createOnFirstUse)
    {
        StorageLimits.CheckContainerOrQueueName(name);
        _pipeline = pipeline;
        _createOnFirstUse = createOnFirstUse;
        _target = $"queue '{name}'";
        Name = name;
    }

    public string Name { get; }

    /// <summary>False when it exists already.</summary>
    public async Task<bool> CreateIfNotExistsAsync(CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Put, $"/{Name}", _target), cancellationToken);
        return reply.Status == 201 // 204: there, with the same metadata
            || (!(reply.Status == 409 && reply.ErrorCode == StorageErrorCode.QueueAlreadyExists) && reply.ThrowIfFailed().Status == 201);
    }

    /// <summary>Deletes the queue with all it holds; false when there was none. The name stays taken for a while (<c>409 QueueBeingDeleted</c>).</summary>
    public async Task<bool> DeleteQueueAsync(CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Delete, $"/{Name}", _target), cancellationToken);
        return reply.Status != 404 && reply.ThrowIfFailed().IsSuccess;
    }

    /// <param name="delay">How long nobody sees it, up to 7 days; null shows it at once.</param>
    /// <param name="timeToLive">Null keeps it for 7 days, <see cref="Timeout.InfiniteTimeSpan"/> for ever; longer than the delay.</param>
    /// <exception cref="StorageLimitException">The text has more than <see cref="StorageLimits.QueueMessageBytes"/> UTF-8 bytes.</exception>
    public async Task<QueueReceipt> SendAsync(string text, TimeSpan? delay, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/{Name}/messages?visibilitytimeout={Seconds(delay ?? TimeSpan.Zero)}");
        if (timeToLive is { } time)
        {
            path += string.Create(CultureInfo.InvariantCulture, $"&messagettl={(time == Timeout.InfiniteTimeSpan ? -1 : Math.Max(1, Seconds(time)))}");
        }

        var request = new StorageRequest(RequestMethod.Post, path, _target) { Body = QueueMessage.WriteBody(text), HasBody = true };
        for (var created = !_createOnFirstUse; ; created = true)
        {
            using var reply = await _pipeline.SendAsync(request, cancellationToken);
            if (created || reply.Status != 404 || reply.ErrorCode != StorageErrorCode.QueueNotFound)
            {
                var sent = QueueMessage.ReadAll(reply.ThrowIfFailed().Body)[0];
                return new(sent.Id, sent.PopReceipt, sent.NextVisible);
            }

            await CreateIfNotExistsAsync(cancellationToken);
        }
    }

    /// <summary>Takes messages that others then do not see for a while; empty when there are none.</summary>
    /// <param name="count">1 to 32.</param>
    /// <param name="visibility">1 s to 7 days.</param>
    public Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellationToken) => ReadAsync(
        string.Create(CultureInfo.InvariantCulture, $"numofmessages={CheckCount(count)}&visibilitytimeout={Math.Max(1, Seconds(visibility))}"), cancellationToken);

    /// <summary>Looks at visible messages without taking them.</summary>
    /// <param name="count">1 to 32.</param>
    public Task<IReadOnlyList<QueueMessage>> PeekAsync(int count, CancellationToken cancellationToken) =>
        ReadAsync(string.Create(CultureInfo.InvariantCulture, $"numofmessages={CheckCount(count)}&peekonly=true"), cancellationToken);

    /// <summary>Messages in the queue, invisible ones included; never less than there are, so 0 means empty.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Get, $"/{Name}?comp=metadata", _target), cancellationToken);
        return IsAbsent(reply) ? 0 : long.Parse(reply.ThrowIfFailed().Header("x-ms-approximate-messages-count") ?? "0", CultureInfo.InvariantCulture);
    }

    /// <summary>Changes when a received message is seen again, and its text unless null. The old pop receipt is void afterwards.</summary>
    /// <param name="visibility">From now; 0 to 7 days.</param>
    /// <exception cref="StorageException"><c>404 MessageNotFound</c>, <c>400 PopReceiptMismatch</c>.</exception>
    public async Task<QueueReceipt> UpdateAsync(string messageId, string popReceipt, string? text, TimeSpan visibility, CancellationToken cancellationToken)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture, $"{MessagePath(messageId)}?popreceipt={Uri.EscapeDataString(popReceipt)}&visibilitytimeout={Seconds(visibility)}");
        var request = new StorageRequest(RequestMethod.Put, path, _target) { Body = text is null ? default : QueueMessage.WriteBody(text), HasBody = text is not null };
        using var reply = await _pipeline.SendAsync(request, cancellationToken);
        return new(messageId, reply.ThrowIfFailed().Header("x-ms-popreceipt") ?? "", reply.DateOf("x-ms-time-next-visible"));
    }

    /// <summary>False when it is gone; after a retry that may be the work of an earlier try.</summary>
    /// <exception cref="StorageException"><c>400 PopReceiptMismatch</c>: another has received it since.</exception>
    public async Task<bool> DeleteAsync(string messageId, string popReceipt, CancellationToken cancellationToken)
    {
        var path = $"{MessagePath(messageId)}?popreceipt={Uri.EscapeDataString(popReceipt)}";
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Delete, path, _target), cancellationToken);
        return !IsAbsent(reply) && reply.ThrowIfFailed().IsSuccess;
    }

    private static int CheckCount(int count) => count is >= 1 and <= StorageLimits.QueueBatch
        ? count
        : throw new StorageLimitException($"A queue gives 1 to {StorageLimits.QueueBatch} messages at a time.");

    private static long Seconds(TimeSpan time) => time <= TimeSpan.FromDays(7) || time == Timeout.InfiniteTimeSpan
        ? Math.Max(0, (long)time.TotalSeconds)
        : throw new StorageLimitException("A queue message is hidden or kept for at most 7 days.");

    private string MessagePath(string messageId) => $"/{Name}/messages/{Uri.EscapeDataString(messageId)}";

    private bool IsAbsent(StorageReply reply) => reply.Status == 404 && (_createOnFirstUse || reply.ErrorCode != StorageErrorCode.QueueNotFound);

    private async Task<IReadOnlyList<QueueMessage>> ReadAsync(string query, CancellationToken cancellationToken)
    {
        using var reply = await _pipeline.SendAsync(new(RequestMethod.Get, $"/{Name}/messages?{query}", _target), cancellationToken);
        return IsAbsent(reply) ? [] : QueueMessage.ReadAll(reply.ThrowIfFailed().Body);
    }
}
