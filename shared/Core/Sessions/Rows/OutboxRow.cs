using Azure.Data.Tables;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>A reply that waits in its session, and how far its delivery is. Its content is a document in the same partition. A sender
/// holds it by a lease that runs from the row's own timestamp and is judged by the storage service's clock.</summary>
public sealed class OutboxRow : TableRow, ITableRow<OutboxRow>
{
    private const string Prefix = "outl~";

    /// <summary>Replies that an earlier version stored, when a session had one lane.</summary>
    private const string FormerPrefix = "out~";

    private const string ContentPrefix = "outc~";

    private readonly StorageClock _clock;

    private OutboxRow(TableEntity entity, StorageClock clock)
        : base(entity) => _clock = clock;

    private OutboxRow(string partition, string rowKey)
        : base(partition, rowKey)
    {
    }

    public string Partition => PartitionKey;

    /// <summary>Distinguishes it from other replies, on every attempt the same: for keys that platforms deduplicate by.</summary>
    public string Id => Lane.Length == 0 ? RowKey[FormerPrefix.Length..] : RowKey[(Prefix.Length + Lane.Length + 1)..];

    /// <summary>See <see cref="OutboxDraft.Lane"/>; empty for a reply that an earlier version stored.</summary>
    public string Lane => LaneIn(RowKey);

    public string Channel => Text("Channel") ?? "";

    /// <summary>The run that it is the reply of; null for one that no run made.</summary>
    public string? Run => Text("Run");

    public int Parts => Int("Parts") ?? 0;

    /// <summary>How many parts were delivered.</summary>
    public int Sent { get => Int("Sent") ?? 0; set => this["Sent"] = value; }

    /// <summary>The part whose delivery was begun and of which nothing is known; null when there is none.</summary>
    public int? Sending { get => Int("Sending") is { } part and >= 0 ? part : null; set => this["Sending"] = value ?? -1; }

    /// <summary>How many times the next part was begun without an answer of the platform.</summary>
    public int Unanswered { get => Int("Unanswered") ?? 0; set => this["Unanswered"] = value; }

    /// <summary>How many times the next part failed.</summary>
    public int Failures { get => Int("Failures") ?? 0; set => this["Failures"] = value; }

    /// <summary>When the next part may be tried; null is at once.</summary>
    public DateTimeOffset? NotBefore { get => Time("NotBefore"); set => this["NotBefore"] = value; }

    /// <summary>What the channel keeps about the parts, such as ids of messages, as text; null when there is nothing.</summary>
    public string? Notes { get => Text("Notes"); set => this["Notes"] = value; }

    public DateTimeOffset? CreatedAt => Time("CreatedAt");

    /// <summary>Rows of its content.</summary>
    internal int ContentParts => Int("ContentParts") ?? 0;

    internal string ContentKey => ContentKeyOf(Id);

    /// <summary>The sender that holds it; null when it is free.</summary>
    internal string? Holder { get => Text("Holder") is { Length: > 0 } holder ? holder : null; set => this["Holder"] = value ?? ""; }

    internal static string ContentKeyOf(string id) => ContentPrefix + id;

    public static OutboxRow Read(TableEntity entity, StorageClock clock) => new(entity, clock);

    /// <summary>Whether a row of a session is a reply that waits.</summary>
    internal static bool IsKey(string rowKey) =>
        rowKey.StartsWith(Prefix, StringComparison.Ordinal) || rowKey.StartsWith(FormerPrefix, StringComparison.Ordinal);

    /// <summary>The replies that wait in a session, lane after lane.</summary>
    /// <param name="after">Only the lanes behind this one; null for all.</param>
    internal static TableQuery All(string partition, string? after = null) => new()
    {
        PartitionKey = partition,
        RowKeyFrom = after is null ? Prefix : OfLane(partition, after).RowKeyTo,
        RowKeyTo = TableQuery.WithPrefix(partition, FormerPrefix).RowKeyTo,
    };

    internal static TableQuery OfLane(string partition, string lane) => TableQuery.WithPrefix(partition, PrefixOf(lane));

    internal static OutboxRow New(string partition, string id, string? run, OutboxDraftFacts draft, DateTimeOffset now) =>
        new(partition, PrefixOf(draft.Lane) + id)
        {
            ["Channel"] = draft.Channel,
            ["Run"] = run,
            ["Parts"] = draft.Parts,
            ["ContentParts"] = draft.ContentParts,
            ["CreatedAt"] = now,
            ["V"] = RunRow.Version,
        };

    /// <summary>Whether another sender holds it.</summary>
    internal bool IsHeld(TimeSpan lease) => Holder is not null && Timestamp + lease > _clock.Now;

    private static string PrefixOf(string lane) => lane.Length == 0 ? FormerPrefix : Prefix + lane + "~";

    private static string LaneIn(string rowKey) => rowKey.StartsWith(Prefix, StringComparison.Ordinal)
        ? rowKey[Prefix.Length..rowKey.IndexOf('~', Prefix.Length)] : "";
}

/// <summary>What a new row says of its draft.</summary>
internal sealed record OutboxDraftFacts(string Channel, int Parts, int ContentParts, string Lane);
