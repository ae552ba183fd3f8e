namespace OpenClaw.Responses;

/// <summary>The id of a response. It names the partition the response is stored in, so that any instance finds it by the id alone.</summary>
/// <param name="Partition">52 base32 characters.</param>
/// <param name="Own">16 base62 characters, 95 random bits.</param>
public readonly record struct ResponseId(string Partition, string Own)
{
    private const string Prefix = "resp_";
    private const int PartitionLength = 52;
    private const int OwnLength = 16;

    public static ResponseId New(string partition) => new(partition, RandomId.Create("")[..OwnLength]);

    /// <summary>Row key of the stored resource, without part number.</summary>
    public string DocumentKey => "resp~" + Own;

    public static bool TryParse(string? text, out ResponseId id)
    {
        id = default;
        if (text is null || text.Length != Prefix.Length + PartitionLength + OwnLength || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text.AsSpan(Prefix.Length).ContainsAnyExcept(Letters))
        {
            return false;
        }

        id = new ResponseId(text.Substring(Prefix.Length, PartitionLength), text[(Prefix.Length + PartitionLength)..]);
        return true;
    }

    public override string ToString() => Prefix + Partition + Own;

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
