using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>Where a session stands in a list, so that its old row is found when it moves. It changes in one transaction with the rows of
/// the list.</summary>
internal sealed class SessionPlaceRow : TableRow, ITableRow<SessionPlaceRow>
{
    private const string Prefix = "at~";

    private SessionPlaceRow(TableEntity entity)
        : base(entity)
    {
    }

    /// <param name="at">Key of the list's row.</param>
    /// <param name="leaseCount">Of the head that the row shows.</param>
    public SessionPlaceRow(string list, string session, string at, long leaseCount)
        : base(list, KeyOf(session)) => (this["At"], this["Lease"]) = (at, leaseCount);

    public string At => Text("At") ?? "";

    public long LeaseCount => Long("Lease") ?? 0;

    public static string KeyOf(string session) => Prefix + session;

    public static SessionPlaceRow Read(TableEntity entity, StorageClock clock) => new(entity);
}
