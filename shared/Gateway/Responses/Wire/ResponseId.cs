using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>The id of a response. It names the partition the response is stored in, so that any instance finds it by the id
/// alone.</summary>
public readonly record struct ResponseId(PartitionedId Id)
{
    private const string Prefix = "resp_";

    public string Partition => Id.Partition;

    /// <summary>Row key of the stored resource, without part number.</summary>
    public string DocumentKey => "resp~" + Id.Own;

    public static ResponseId New(string partition) => new(PartitionedId.New(partition));

    public static bool TryParse(string? text, out ResponseId id)
    {
        var parsed = PartitionedId.Parse(text, Prefix);
        id = new ResponseId(parsed ?? default);
        return parsed is not null;
    }

    public override string ToString() => Id.ToString(Prefix);
}
