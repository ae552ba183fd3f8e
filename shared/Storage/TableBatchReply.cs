using System.Globalization;
using System.Text;
using Azure;

namespace OpenClaw.Storage;

/// <summary>The answer inside a batch's <c>202 Accepted</c>: one part per operation, or exactly one part for the operation that failed all.</summary>
internal static class TableBatchReply
{
    /// <summary>The first part's status, which is that of the whole; the reply's own when it has no parts.</summary>
    public static int StatusOf(StorageReply reply)
    {
        if (reply.Status != 202)
        {
            return reply.Status;
        }

        var rest = reply.Body.Span;
        while (TryReadLine(ref rest, out var line))
        {
            if (ReadStatus(line) is > 0 and var status)
            {
                return status;
            }
        }

        return reply.Status;
    }

    /// <exception cref="StorageException">The failed operation's status, code and index.</exception>
    public static IReadOnlyList<ETag> Read(StorageReply reply, int operations)
    {
        var writes = new List<ETag>(operations);
        var rest = reply.Body.Span;
        var status = 0;
        ETag etag = default;
        while (TryReadLine(ref rest, out var line))
        {
            if (ReadStatus(line) is > 0 and var next)
            {
                if (next >= 300)
                {
                    throw Failure(reply, next, rest);
                }

                Complete(writes, status, etag);
                (status, etag) = (next, default);
            }
            else if (line.Length > 5 && Ascii.EqualsIgnoreCase(line[..5], "ETag:"u8))
            {
                etag = new ETag(Encoding.UTF8.GetString(line[5..].Trim((byte)' ')));
            }
        }

        Complete(writes, status, etag);
        return writes.Count == operations
            ? writes
            : throw new InvalidDataException($"The batch of {operations} operations was answered with {writes.Count}.");
    }

    private static void Complete(List<ETag> writes, int status, ETag etag)
    {
        if (status > 0)
        {
            writes.Add(etag);
        }
    }

    private static StorageException Failure(StorageReply reply, int status, ReadOnlySpan<byte> part)
    {
        var json = part.IndexOf((byte)'{') is >= 0 and var start ? part[start..(part.LastIndexOf((byte)'}') + 1)] : default;
        var message = StorageErrors.ReadTableMessage(json) ?? "";
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        int? failed = colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
        return reply.Failure(status, StorageErrors.ReadCode(json) ?? status.ToString(CultureInfo.InvariantCulture), failed);
    }

    private static int ReadStatus(ReadOnlySpan<byte> line) =>
        line.StartsWith("HTTP/1.1 "u8) && line.Length >= 12 && int.TryParse(line.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : 0;

    private static bool TryReadLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        if (rest.IsEmpty)
        {
            line = default;
            return false;
        }

        var end = rest.IndexOf((byte)'\n');
        line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
        rest = end < 0 ? default : rest[(end + 1)..];
        return true;
    }
}
