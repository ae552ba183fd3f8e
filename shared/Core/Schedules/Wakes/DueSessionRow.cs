using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Schedules;

/// <summary>A session in which events wait. Its key begins with the time, so that the oldest come first.</summary>
internal sealed class DueSessionRow : TableRow, ITableRow<DueSessionRow>
{
    public const string Partition = "events";

    private DueSessionRow(TableEntity entity)
        : base(entity)
    {
    }

    public DueSessionRow(Caller caller, SessionKey session, DateTimeOffset due)
        : base(Partition, $"{KeyOf(due)}~{RandomId.Create("")[..12]}") =>
        (this["Caller"], this["Owner"], this["Agent"], this["Key"], this["V"]) =
            (JsonSerializer.Serialize(caller, SchedulesJson.Default.Caller), session.Owner, session.Agent, session.Key, 1);

    public Caller Caller => JsonSerializer.Deserialize(Text("Caller") ?? "null", SchedulesJson.Default.Caller)
        ?? throw new InvalidOperationException("The stored caller is empty.");

    public SessionKey Session => new(Text("Owner") ?? "", Text("Agent") ?? "", Text("Key") ?? "");

    public static string KeyOf(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    public static DueSessionRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
