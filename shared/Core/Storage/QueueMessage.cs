namespace OpenClaw.Storage;

/// <summary>One message of a queue.</summary>
/// <param name="PopReceipt">Needed to update or delete it; changes with every receive and update. Empty on a message that was peeked
/// at.</param>
/// <param name="Text">Decoded from base64; as it is when another wrote it otherwise.</param>
/// <param name="DequeueCount">How often it was received, this time included.</param>
/// <param name="NextVisible">When others see it again; null on a message that was peeked at.</param>
public sealed record QueueMessage(
    string Id, string PopReceipt, string Text, long DequeueCount, DateTimeOffset Inserted, DateTimeOffset Expires,
        DateTimeOffset? NextVisible);

/// <summary>What a send or an update left behind.</summary>
public readonly record struct QueueReceipt(string MessageId, string PopReceipt, DateTimeOffset? NextVisible);
