using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Sessions.Rows;

/// <summary>An event that was accepted into its session; the same event is not accepted again.</summary>
internal sealed class SeenRow : TableRow, ITableRow<SeenRow>
{
    private SeenRow(TableEntity entity)
        : base(entity)
    {
    }

    public SeenRow(string partition, string eventId, string runId, DateTimeOffset now)
        : base(partition, Key(eventId)) => (this["Run"], this["SeenAt"], this["V"]) = (runId, now, RunRow.Version);

    /// <summary>The run that the event began.</summary>
    public string? Run => Text("Run");

    public static string Key(string eventId) => "seen~" + Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(eventId)));

    public static SeenRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
