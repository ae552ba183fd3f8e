using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Sessions.Rows;

/// <summary>An event that waits for the next run of its session. Equal texts are one event.</summary>
internal sealed class SystemEventRow : TableRow, ITableRow<SystemEventRow>
{
    public const string Prefix = "sysev~";

    private SystemEventRow(TableEntity entity)
        : base(entity)
    {
    }

    public SystemEventRow(string partition, string text, DateTimeOffset now)
        : base(partition, Prefix + Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(text)))) =>
        (this["Text"], this["At"], this["V"]) = (text, now, RunRow.Version);

    public string EventText => Text("Text") ?? "";

    public DateTimeOffset? At => Time("At");

    public static SystemEventRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
