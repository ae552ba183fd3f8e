using System.Globalization;
using OpenClaw.Errors;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions;

/// <summary>Pages of a session's transcript since its last reset. A page is one query: the head knows the numbers.</summary>
public sealed class HistoryReader(Transcript transcript)
{
    public const int MaxLimit = 1000;

    public const int DefaultLimit = 100;

    /// <param name="cursor">The cursor of the previous page; null for the first page.</param>
    /// <param name="newestFirst">True for newest first, false for oldest first.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<HistoryPage> ReadAsync(
        FoundSession found, int limit, string? cursor, bool newestFirst, CancellationToken cancellationToken)
    {
        var (first, end) = (found.Head.EpochFrom, found.Head.NextSeq);
        var at = ReadCursor(cursor, newestFirst ? end : first, first, end);
        var (from, to) = newestFirst ? (Math.Max(first, at - limit), at) : (at, Math.Min(end, at + limit));
        var messages = (await transcript.ReadEntriesAsync(found.Key.Partition, from, to, cancellationToken)).ConvertAll(
            HistoryTranslation.ToHistoryMessage);
        if (newestFirst)
        {
            messages.Reverse();
        }

        var next = newestFirst ? from : to;
        var more = newestFirst ? from > first : to < end;
        return new HistoryPage(found.Id, found.Key.Key, messages, more, more ? next.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>The next entries from a sequence number on, oldest first.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IReadOnlyList<HistoryMessage>> ReadAsync(FoundSession found, long from, CancellationToken cancellationToken) =>
        (await ReadAsync(found, MaxLimit, from.ToString(CultureInfo.InvariantCulture), newestFirst: false, cancellationToken)).Messages;

    private static long ReadCursor(string? cursor, long fallback, long first, long end)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return fallback;
        }

        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? Math.Clamp(at, first, end)
            : throw new GatewayException(GatewayError.InvalidValue("cursor", "it must come from the page before."));
    }
}
