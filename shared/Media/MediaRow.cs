using System.Globalization;
using OpenClaw.Security;
using OpenClaw.Storage;

namespace OpenClaw.Media;

/// <summary>
/// Rows of the table <c>media</c>. Partition <c>media_…</c>: the one row that readers find a file by, written last. Partition of an owner:
/// one row a file, newest first, and the <see cref="MediaUsage"/>. Partition <c>due</c>: what the sweeper takes away next, in order of time.
/// </summary>
internal static class MediaRow
{
    public const string TableName = "media";

    public const string File = "file";

    public const string Due = "due";

    /// <summary>Before the row keys of an owner's files.</summary>
    public const string Listed = "file~";

    private const string Pending = "pending";

    private const string Ready = "ready";

    public static string PartitionOf(string owner) => "owner~" + Secret.HashName("media", owner);

    public static string ListKey(string id, DateTimeOffset startedAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{Listed}{long.MaxValue - startedAt.UtcTicks:D19}~{id}");

    public static string DueKey(string id, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks:D19}~{id}");

    /// <summary>End of the due rows at a moment.</summary>
    public static string DueBefore(DateTimeOffset now) => now.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    public static TableFilter IsVisible(DateTimeOffset now) => TableFilter.Equal("State", Ready).And(TableFilter.Greater("ExpiresAt", now));

    /// <summary>An upload under way, in its owner's partition.</summary>
    public static TableEntity WritePending(MediaPlan plan) => new(plan.Partition, plan.ListKey) { ["State"] = Pending, ["Bytes"] = plan.Reserved };

    public static TableEntity WriteDue(MediaPlan plan) => new(Due, plan.DueKey) { ["Id"] = plan.Id, ["Partition"] = plan.Partition, ["ListKey"] = plan.ListKey };

    public static TableEntity Write(string partition, string rowKey, MediaItem item, MediaPlan plan) => new(partition, rowKey)
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

    public static MediaItem Read(TableEntity row) => new(
        row.GetString("Id") ?? "", row.GetString("Owner") ?? "", row.GetString("FileName") ?? "", row.GetString("ContentType") ?? MediaTypes.Unknown,
        row.GetInt64("Bytes") ?? 0, row.GetString("Sha256") ?? "", row.GetDateTimeOffset("CreatedAt") ?? default, row.GetDateTimeOffset("ExpiresAt") ?? default)
    {
        Charset = row.GetString("Charset"),
        Purpose = row.GetString("Purpose"),
    };
}

/// <summary>Where the rows of one upload are.</summary>
/// <param name="Reserved">Bytes taken from the quota while it is under way.</param>
/// <param name="ReservedUntil">The upload has to be done by then.</param>
internal sealed record MediaPlan(string Id, string Partition, string ListKey, string DueKey, long Reserved, DateTimeOffset ReservedUntil);
