using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Media.Files;

/// <summary>When an upload, finished or not, is to be deleted. All of them are one partition, in order of time.</summary>
internal sealed class MediaDueRow : TableRow, ITableRow<MediaDueRow>
{
    public const string Partition = "due";

    private MediaDueRow(TableEntity entity)
        : base(entity)
    {
    }

    public MediaDueRow(MediaPlan plan)
        : base(Partition, plan.DueKey) => (this["Id"], this["Partition"], this["ListKey"]) = (plan.Id, plan.Partition, plan.ListKey);

    public string Id => Text("Id")!;

    /// <summary>Of the row in the list of its owner.</summary>
    public (string Partition, string RowKey) Listed => (Text("Partition")!, Text("ListKey")!);

    public static string Key(string id, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks:D19}~{id}");

    /// <summary>End of the due rows at a moment.</summary>
    public static string Before(DateTimeOffset now) => now.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    public static MediaDueRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
