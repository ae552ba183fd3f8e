using Azure.Data.Tables;
using OpenClaw.Schedules;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Runs;

/// <summary>How a hook does on all instances, as it is stored.</summary>
internal sealed class HookStateRow : TableRow, ITableRow<HookStateRow>
{
    public const string TableName = JobStore.TableName;

    public const string Partition = "hooks";

    private HookStateRow(TableEntity entity)
        : base(entity)
    {
    }

    public HookStateRow(HookState state)
        : base(Partition, KeyOf(state.Name))
    {
        (this["Name"], this["Calls"], this["LastCallAt"], this["Failures"]) = (state.Name, state.Calls, state.LastCallAt, state.Failures);
        (this["LastError"], this["LastErrorAt"], this["V"]) = (state.LastError, state.LastErrorAt, 1);
    }

    public static TableQuery All => new() { PartitionKey = Partition };

    /// <summary>Names may hold what row keys may not.</summary>
    public static string KeyOf(string name) => Secret.HashName("hook", name);

    public static HookStateRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public HookState ToState() => new(Text("Name") ?? "")
    {
        Calls = Long("Calls") ?? 0,
        LastCallAt = Time("LastCallAt"),
        Failures = Long("Failures") ?? 0,
        LastError = Text("LastError"),
        LastErrorAt = Time("LastErrorAt"),
    };
}
