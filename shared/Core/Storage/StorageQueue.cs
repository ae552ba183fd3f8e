using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace OpenClaw.Storage;

/// <summary>
/// One queue of texts, delivered at least once and in no strict order; stored as base64 because the Functions host's queue trigger expects
/// that. A send that was retried can be in the queue twice.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue.")]
public sealed class StorageQueue : StorageResource
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _queue;

    internal StorageQueue(QueueClient queue, StorageFailures failures)
        : base("queue", queue.Name, QueueErrorCode.QueueNotFound.ToString(), failures) => _queue = queue;

    /// <param name="delay">How long it stays invisible, up to 7 days; null shows it at once.</param>
    /// <param name="timeToLive">Null keeps it for 7 days, <see cref="Timeout.InfiniteTimeSpan"/> for ever; longer than the delay.</param>
    /// <exception cref="StorageLimitException">The text has more than <see cref="StorageLimits.QueueMessageBytes"/> UTF-8
    /// bytes.</exception>
    public async Task<QueueReceipt> SendAsync(string text, TimeSpan? delay, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        var (message, hidden) = (Encode(text), Whole(delay));
        var kept = timeToLive == Timeout.InfiniteTimeSpan ? Forever : Whole(timeToLive);
        var sent = (await WriteAsync(
            "send to", () => _queue.SendMessageAsync(message, hidden, kept, cancellationToken), cancellationToken)).Value;
        return new(sent.MessageId, sent.PopReceipt, sent.TimeNextVisible);
    }

    /// <summary>Takes messages that others then do not see for a while; empty when there are none.</summary>
    /// <param name="count">1 to 32.</param>
    /// <param name="visibility">1 s to 7 days.</param>
    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellationToken)
    {
        CheckCount(count);
        try
        {
            var answer = await ReadAsync(
                "receive from", () => _queue.ReceiveMessagesAsync(count, Whole(visibility), cancellationToken), cancellationToken);
            return Array.ConvertAll(answer.Value, m => new QueueMessage(
                m.MessageId, m.PopReceipt, Decode(m.MessageText), m.DequeueCount, m.InsertedOn ?? default, m.ExpiresOn
                    ?? default, m.NextVisibleOn));
        }
        catch (StorageException missing) when (IsMissing(missing))
        {
            return [];
        }
    }

    /// <summary>Looks at visible messages without taking them.</summary>
    /// <param name="count">1 to 32.</param>
    public async Task<IReadOnlyList<QueueMessage>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        CheckCount(count);
        try
        {
            var answer = await ReadAsync("peek at", () => _queue.PeekMessagesAsync(count, cancellationToken), cancellationToken);
            return Array.ConvertAll(answer.Value, m => new QueueMessage(
                m.MessageId, "", Decode(m.MessageText), m.DequeueCount, m.InsertedOn ?? default, m.ExpiresOn ?? default, null));
        }
        catch (StorageException missing) when (IsMissing(missing))
        {
            return [];
        }
    }

    /// <summary>Messages in the queue, invisible ones included; never less than there are, so 0 means empty.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadAsync(
                "count", () => _queue.GetPropertiesAsync(cancellationToken), cancellationToken)).Value.ApproximateMessagesCountLong;
        }
        catch (StorageException missing) when (IsMissing(missing))
        {
            return 0;
        }
    }

    /// <summary>Changes when a received message is seen again, and its text unless null. The old pop receipt is void afterwards.</summary>
    /// <param name="visibility">From now; 0 to 7 days.</param>
    /// <exception cref="StorageException"><c>404 MessageNotFound</c>, <c>400 PopReceiptMismatch</c>.</exception>
    public async Task<QueueReceipt> UpdateAsync(
        string messageId, string popReceipt, string? text, TimeSpan visibility, CancellationToken cancellationToken)
    {
        var (message, hidden) = (text is null ? null : Encode(text), Whole(visibility) ?? default);
        var changed = await ReadAsync(
            "update in", () => _queue.UpdateMessageAsync(messageId, popReceipt, message, hidden, cancellationToken), cancellationToken);
        return new(messageId, changed.Value.PopReceipt, changed.Value.NextVisibleOn);
    }

    /// <summary>False when it no longer exists; after a retry, an earlier try may have deleted it.</summary>
    /// <exception cref="StorageException"><c>400 PopReceiptMismatch</c>: another has received it since.</exception>
    public async Task<bool> DeleteAsync(string messageId, string popReceipt, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync("delete from", () => _queue.DeleteMessageAsync(messageId, popReceipt, cancellationToken), cancellationToken);
            return true;
        }
        catch (StorageException gone) when (gone.Status == 404)
        {
            return false;
        }
    }

    private protected override Task CreateAsync(CancellationToken cancellationToken) =>
        _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    private static void CheckCount(int count)
    {
        if (count is < 1 or > StorageLimits.QueueBatch)
        {
            throw new StorageLimitException($"A queue gives 1 to {StorageLimits.QueueBatch} messages at a time.");
        }
    }

    private static TimeSpan? Whole(TimeSpan? time) => time is null ? null
        : time <= TimeSpan.FromDays(7) ? TimeSpan.FromSeconds(Math.Max(0, Math.Floor(time.Value.TotalSeconds)))
        : throw new StorageLimitException("A queue message is hidden or kept for at most 7 days.");

    private static string Encode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length > StorageLimits.QueueMessageBytes
            ? throw new StorageLimitException(
                $"A queue message has at most {StorageLimits.QueueMessageBytes} UTF-8 bytes, not {bytes.Length}.")
            : Convert.ToBase64String(bytes);
    }

    /// <summary>Text that another wrote otherwise stays as it is.</summary>
    private static string Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : text;
    }
}
