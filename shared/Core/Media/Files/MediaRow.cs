using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Media.Files;

/// <summary>
/// A file in the table <c>media</c>. Partition <c>media_…</c>: the one row that readers find a file by, written last. Partition of an
/// owner:
/// one row a file, newest first, and the <see cref="MediaUsageRow"/>. Partition <c>due</c>: the <see cref="MediaDueRow"/>s.
/// </summary>
internal sealed class MediaRow : TableRow, ITableRow<MediaRow>
{
    public const string TableName = "media";

    public const string File = "file";

    /// <summary>Before the row keys of an owner's files.</summary>
    public const string Listed = "file~";

    private const string Pending = "pending";

    private const string Ready = "ready";

    private MediaRow(TableEntity entity)
        : base(entity)
    {
    }

    private MediaRow(string partition, string rowKey)
        : base(partition, rowKey)
    {
    }

    public long Size => Long("Bytes") ?? 0;

    /// <summary>Null for an upload under way.</summary>
    public DateTimeOffset? ExpiresAt => Time("ExpiresAt");

    public string ListKey => Text("ListKey")!;

    public string DueKey => Text("DueKey")!;

    public static string PartitionOf(string owner) => "owner~" + Secret.HashName("media", owner);

    public static string ListKeyOf(string id, DateTimeOffset startedAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{Listed}{long.MaxValue - startedAt.UtcTicks:D19}~{id}");

    public static string IsVisible(DateTimeOffset now) => TableQuery.Where($"State eq {Ready} and ExpiresAt gt {now}");

    public static MediaRow Read(TableEntity entity, StorageClock clock) => new(entity);

    /// <summary>An upload under way, in its owner's partition.</summary>
    public static MediaRow OfPending(MediaPlan plan) =>
        new(plan.Partition, plan.ListKey) { ["State"] = Pending, ["Bytes"] = plan.Reserved };

    public static MediaRow Of(string partition, string rowKey, MediaItem item, MediaPlan plan) => new(partition, rowKey)
    {
        ["State"] = Ready,
        ["Id"] = item.Id,
        ["Owner"] = item.Owner,
        ["FileName"] = item.FileName,
        ["ContentType"] = item.ContentType,
        ["Charset"] = item.Charset,
        ["Bytes"] = item.Bytes,
        ["Sha256"] = item.Sha256,
        ["Purpose"] = item.Purpose,
        ["CreatedAt"] = item.CreatedAt,
        ["ExpiresAt"] = item.ExpiresAt,
        ["ListKey"] = plan.ListKey,
        ["DueKey"] = plan.DueKey,
    };

    public MediaItem ToItem() => new(
        Text("Id") ?? "", Text("Owner") ?? "", Text("FileName") ?? "", Text("ContentType") ?? MediaTypes.Unknown,
        Size, Text("Sha256") ?? "", Time("CreatedAt") ?? default, ExpiresAt ?? default)
    {
        Charset = Text("Charset"),
        Purpose = Text("Purpose"),
    };
}

/// <summary>Where the rows of one upload are.</summary>
/// <param name="Reserved">Bytes taken from the quota while it is under way.</param>
/// <param name="ReservedUntil">The upload has to be done by then.</param>
internal sealed record MediaPlan(string Id, string Partition, string ListKey, string DueKey, long Reserved, DateTimeOffset ReservedUntil);
