using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Security.Limits;

/// <summary>What all instances have drawn of one credential's limit, and which instances drew lately.</summary>
internal sealed class RateLimitRow : TableRow, ITableRow<RateLimitRow>
{
    public new const string RowKey = "window";

    private RateLimitRow(TableEntity entity)
        : base(entity)
    {
    }

    public RateLimitRow(string partition, RateWindow window, IEnumerable<KeyValuePair<string, long>> instances)
        : base(partition, RowKey)
    {
        this["Used"] = window.ToString();
        this["Instances"] = string.Join(' ', instances.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Key}:{i.Value}")));
    }

    public string? Used => Text("Used");

    /// <summary><c>id:second</c> of each instance, separated by spaces.</summary>
    public string? Instances => Text("Instances");

    public static RateLimitRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
