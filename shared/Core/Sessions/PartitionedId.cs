using System.Buffers;
using OpenClaw.Text;

namespace OpenClaw.Sessions;

/// <summary>An id that contains the partition of the row it names, so that any instance finds the row by the id alone:
/// a prefix, the partition, and random characters.</summary>
/// <param name="Partition">52 base32 characters.</param>
/// <param name="Own">16 base62 characters, 95 random bits.</param>
public readonly record struct PartitionedId(string Partition, string Own)
{
    private const int PartitionLength = 52;
    private const int OwnLength = 16;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    public static PartitionedId New(string partition) => new(partition, RandomId.Create("")[..OwnLength]);

    /// <summary>Null when the text is not an id of this kind.</summary>
    public static PartitionedId? Parse(string? text, string prefix) =>
        text is not null && text.Length == prefix.Length + PartitionLength + OwnLength && text.StartsWith(prefix, StringComparison.Ordinal)
        && !text.AsSpan(prefix.Length).ContainsAnyExcept(Letters)
            ? new PartitionedId(text.Substring(prefix.Length, PartitionLength), text[(prefix.Length + PartitionLength)..])
            : null;

    public string ToString(string prefix) => prefix + Partition + Own;
}
