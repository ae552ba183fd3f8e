using System.Globalization;
using OpenClaw.Errors;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions;

/// <summary>Picks one page, newest first, out of entries that come in any order. It keeps no more entries than the page holds, however many
/// there are.</summary>
internal sealed class SessionPage
{
    private static readonly Comparer<SessionEntry> NewestFirst = Comparer<SessionEntry>.Create(
        static (a, b) => b.UpdatedAt.UtcTicks.CompareTo(a.UpdatedAt.UtcTicks) is not 0 and var byTime
            ? byTime : string.CompareOrdinal(a.Partition, b.Partition));

    /// <summary>The newest entries so far; the oldest of them is the first to leave.</summary>
    private readonly PriorityQueue<SessionEntry, SessionEntry> _kept = new(Comparer<SessionEntry>.Create(
        static (a, b) => NewestFirst.Compare(b, a)));

    private readonly int _limit;
    private readonly (long Ticks, string Partition)? _after;
    private bool _hasMore;

    /// <param name="cursor">Of the page before; null for the first. It stays valid when its session has moved or was deleted
    /// since.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    public SessionPage(int limit, string? cursor)
    {
        _limit = limit;
        if (cursor is null)
        {
            return;
        }

        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        _after = dash >= 0 && long.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? (ticks, cursor[(dash + 1)..])
            : throw new GatewayException(GatewayError.InvalidValue("cursor", "it must come from the page before."));
    }

    /// <summary>How many entries there are on all pages together.</summary>
    public int Total { get; private set; }

    public IReadOnlyList<SessionEntry> Entries => [.. _kept.UnorderedItems.Select(item => item.Element).Order(NewestFirst)];

    /// <summary>Leads to the next page; null on the last one.</summary>
    public string? Next => _hasMore && Entries is [.., var last]
        ? string.Create(CultureInfo.InvariantCulture, $"{last.UpdatedAt.UtcTicks}-{last.Partition}")
        : null;

    public void Add(SessionEntry entry)
    {
        Total++;
        if (_after is var (ticks, partition) && !(entry.UpdatedAt.UtcTicks < ticks
            || (entry.UpdatedAt.UtcTicks == ticks && string.CompareOrdinal(entry.Partition, partition) > 0)))
        {
            return; // on an earlier page
        }

        _kept.Enqueue(entry, entry);
        if (_kept.Count > _limit)
        {
            _kept.Dequeue();
            _hasMore = true;
        }
    }
}
