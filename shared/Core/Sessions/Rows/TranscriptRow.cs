using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>One item of a conversation, or a part of one; or several items in one blob.</summary>
public sealed class TranscriptRow : TableRow, ITableRow<TranscriptRow>
{
    private TranscriptRow(TableEntity entity)
        : base(entity)
    {
    }

    private TranscriptRow(string partition, long seq, int part)
        : base(partition, Key(seq, part))
    {
    }

    public long Seq => long.Parse(RowKey.AsSpan(2, 10), CultureInfo.InvariantCulture);

    /// <summary>How many rows the item takes; set on its first one.</summary>
    public int Parts { get => Int("Parts") ?? 1; set => this["Parts"] = value; }

    public string? Json => Text("Json");

    /// <summary>The blob that holds a JSON array of items.</summary>
    public string? Blob => Text("Blob");

    public static string Key(long seq, int part) => string.Create(CultureInfo.InvariantCulture, $"t~{seq:D10}~{part:D3}");

    /// <summary>The sequence number in a row key; null for rows of another kind.</summary>
    public static long? TrySeqOf(string rowKey) =>
        rowKey.StartsWith("t~", StringComparison.Ordinal) && long.TryParse(rowKey.AsSpan(2, 10), CultureInfo.InvariantCulture, out var seq)
            ? seq : null;

    public static TranscriptRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public static TranscriptRow WithJson(string partition, long seq, int part, string runId, string kind, string json) =>
        new(partition, seq, part) { ["Run"] = runId, ["Kind"] = kind, ["Json"] = json };

    public static TranscriptRow WithBlob(string partition, long seq, string runId, string kind, string blob) =>
        new(partition, seq, 0) { ["Run"] = runId, ["Kind"] = kind, ["Blob"] = blob };
}
