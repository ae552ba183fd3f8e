using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>Progress of work on all sessions, such as a sweep; stored beside their list.</summary>
internal sealed class SessionStateRow : TableRow, ITableRow<SessionStateRow>
{
    public const string Partition = "~state";

    /// <summary>The list was built from the sessions themselves.</summary>
    public const string Built = "built";

    public const string Sweep = "sweep";

    public const string AgedSweep = "aged";

    private SessionStateRow(TableEntity entity)
        : base(entity)
    {
    }

    public SessionStateRow(string work)
        : base(Partition, work)
    {
    }

    /// <summary>Where the work continues; null at its beginning.</summary>
    public string? Continuation { get => Text("Continuation"); init => this["Continuation"] = value; }

    /// <summary>The service's clock when the row was read.</summary>
    public DateTimeOffset ReadAt { get; private init; }

    public static SessionStateRow Read(TableEntity entity, StorageClock clock) => new(entity) { ReadAt = clock.Now };
}
