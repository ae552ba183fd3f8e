using System.Globalization;
using OpenClaw.Errors;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions;

/// <summary>Takes one page out of a list of sessions, which is read no further than the page needs. Of a list that is searched it looks at
/// so many sessions at most; then the page is shorter, and the next one continues there.</summary>
internal sealed class SessionPage
{
    private const int MostExamined = 5_000;

    private readonly List<SessionEntry> _entries = [];
    private readonly int _limit;
    private int _examined;
    private SessionPosition? _last;
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
        After = dash >= 0 && long.TryParse(cursor.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && SessionKey.IsPartition(cursor[(dash + 1)..])
            ? new SessionPosition(ticks, cursor[(dash + 1)..])
            : throw new GatewayException(GatewayError.InvalidValue("cursor", "it must come from the page before."));
    }

    /// <summary>Where the page begins; null at the start of the list.</summary>
    public SessionPosition? After { get; }

    public IReadOnlyList<SessionEntry> Entries => _entries;

    /// <summary>How many entries the whole list has; null when they are not all on this page.</summary>
    public int? Total => After is null && !_hasMore ? _entries.Count : null;

    /// <summary>Leads to the next page; null on the last one.</summary>
    public string? Next => _hasMore && _last is var (ticks, partition)
        ? string.Create(CultureInfo.InvariantCulture, $"{ticks}-{partition}")
        : null;

    /// <summary>Adds the next entry of the list.</summary>
    /// <param name="isAsked">False passes over it.</param>
    /// <returns>False when the page has ended before it.</returns>
    public bool TryAdd(SessionEntry entry, bool isAsked)
    {
        if (_entries.Count == _limit || _examined == MostExamined)
        {
            _hasMore = true;
            return false;
        }

        (_examined, _last) = (_examined + 1, SessionPosition.Of(entry));
        if (isAsked)
        {
            _entries.Add(entry);
        }

        return true;
    }
}
