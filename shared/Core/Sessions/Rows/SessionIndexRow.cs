using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Sessions.Rows;

/// <summary>A session in a list. The row keys are in the order of the list: pinned sessions first, the newest of each kind first.</summary>
internal sealed class SessionIndexRow : TableRow, ITableRow<SessionIndexRow>
{
    public const string PinnedPrefix = "0~";

    public const string OtherPrefix = "1~";

    /// <summary>The list of the operator, who sees all sessions.</summary>
    private const string Everything = "all";

    private SessionIndexRow(TableEntity entity)
        : base(entity)
    {
    }

    private SessionIndexRow(string list, SessionHead head, DateTimeOffset updatedAt, string by)
        : base(list, KeyOf(head.IsPinned ? PinnedPrefix : OtherPrefix, updatedAt.UtcTicks, head.PartitionKey))
    {
        (this["Owner"], this["Agent"], this["Key"]) = (head.Owner, head.Agent, head.Key);
        (this["Title"], this["Model"]) = (head.Title, head.Model);
        this["Labels"] = head.Labels.Count == 0 ? null : string.Join('\n', head.Labels);
        this["CreatedAt"] = head.CreatedAt ?? updatedAt;
        this["UpdatedAt"] = updatedAt;
        (this["Turns"], this["By"]) = (head.Version, by);
        (this["Epoch"], this["Thinking"]) = (head.Epoch, head.Thinking);
        (this["Pinned"], this["Archived"]) = (head.IsPinned ? true : null, head.IsArchived ? true : null);
    }

    /// <summary>The instance that wrote it; null for a row of an earlier version.</summary>
    public string? By => Text("By");

    /// <summary>The rows of a session: one in the operator's list, one in its owner's.</summary>
    /// <param name="by">The instance that writes them.</param>
    public static IReadOnlyList<SessionIndexRow> Of(SessionHead head, string by)
    {
        var updatedAt = head.UpdatedAt ?? head.CreatedAt ?? DateTimeOffset.UnixEpoch;
        return [.. ListsOf(head.Owner).Select(list => new SessionIndexRow(list, head, updatedAt, by))];
    }

    /// <summary>The partitions of the lists in which an owner's sessions stand.</summary>
    public static IReadOnlyList<string> ListsOf(string owner) => owner.Length == 0 ? [Everything] : [Everything, ListOf(owner)];

    /// <summary>The partition of the list that an owner sees; null is the operator.</summary>
    public static string ListOf(string? owner) =>
        string.IsNullOrEmpty(owner) ? Everything : Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(owner)));

    public static string KeyOf(string prefix, long ticks, string session) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{long.MaxValue - ticks:D19}~{session}");

    public static SessionIndexRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public SessionEntry ToEntry() => new(
        RowKey[(RowKey.LastIndexOf('~') + 1)..], Text("Owner") ?? "", Text("Agent") ?? "", Text("Key") ?? "", Text("Title"),
        Text("Labels") is { } labels ? labels.Split('\n') : [],
        Text("Model"), Time("CreatedAt") ?? default, Time("UpdatedAt") ?? default, Long("Turns") ?? 0)
    {
        Epoch = Long("Epoch") ?? 0,
        Thinking = Text("Thinking"),
        IsPinned = Flag("Pinned"),
        IsArchived = Flag("Archived"),
    };
}
