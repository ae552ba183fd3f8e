using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Sessions.Rows;

/// <summary>A session in its owner's list.</summary>
internal sealed class SessionIndexRow : TableRow, ITableRow<SessionIndexRow>
{
    private const string OperatorPartition = "operator";

    private SessionIndexRow(TableEntity entity)
        : base(entity)
    {
    }

    /// <param name="by">The instance that writes it.</param>
    public SessionIndexRow(SessionHead head, string by)
        : base(PartitionOf(head.Owner), head.PartitionKey)
    {
        (this["Owner"], this["Agent"], this["Key"]) = (head.Owner, head.Agent, head.Key);
        (this["Title"], this["Model"]) = (head.Title, head.Model);
        this["Labels"] = head.Labels.Count == 0 ? null : string.Join('\n', head.Labels);
        this["CreatedAt"] = head.CreatedAt ?? head.UpdatedAt ?? DateTimeOffset.UnixEpoch;
        this["UpdatedAt"] = head.UpdatedAt ?? head.CreatedAt ?? DateTimeOffset.UnixEpoch;
        (this["Turns"], this["By"]) = (head.Version, by);
        (this["Epoch"], this["Thinking"]) = (head.Epoch, head.Thinking);
        (this["Pinned"], this["Archived"]) = (head.IsPinned ? true : null, head.IsArchived ? true : null);
    }

    /// <summary>The instance that wrote it; null for a row of an earlier version.</summary>
    public string? By => Text("By");

    public static string PartitionOf(string owner) =>
        owner.Length == 0 ? OperatorPartition : Base32.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(owner)));

    public static SessionIndexRow Read(TableEntity entity, StorageClock clock) => new(entity);

    public SessionEntry ToEntry() => new(
        RowKey, Text("Owner") ?? "", Text("Agent") ?? "", Text("Key") ?? "", Text("Title"), Text("Labels") is { } labels
            ? labels.Split('\n') : [],
        Text("Model"), Time("CreatedAt") ?? default, Time("UpdatedAt") ?? default, Long("Turns") ?? 0)
    {
        Epoch = Long("Epoch") ?? 0,
        Thinking = Text("Thinking"),
        IsPinned = Flag("Pinned"),
        IsArchived = Flag("Archived"),
    };
}
