namespace OpenClaw.Telemetry;

/// <summary>The newest log lines of this process, for clients that read them. A line's position counts the characters ever
/// written.</summary>
/// <param name="capacity">Characters that are kept.</param>
public sealed class LogRing(int capacity = LogRing.DefaultCapacity)
{
    public const int DefaultCapacity = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<(long End, string Line)> _lines = new();
    private long _end;
    private long _start;

    /// <param name="line">One line, secrets masked.</param>
    public void Add(string line)
    {
        lock (_lock)
        {
            _end += line.Length + 1;
            _lines.Enqueue((_end, line));
            while (_end - _start > capacity && _lines.TryDequeue(out var oldest))
            {
                _start = oldest.End;
            }
        }
    }

    /// <summary>The newest lines after a position, oldest first.</summary>
    /// <param name="cursor">What an earlier read returned; null for the newest lines there are.</param>
    /// <param name="limit">The most lines.</param>
    /// <param name="maxChars">The most characters.</param>
    public LogPage Read(long? cursor, int limit, int maxChars)
    {
        lock (_lock)
        {
            var isReset = cursor is { } at && (at < _start || at > _end);
            var from = isReset ? _start : cursor ?? _start;
            List<string> after = [.. _lines.Where(line => line.End > from).Select(line => line.Line)];
            var first = after.Count;
            for (var left = maxChars; first > 0 && after.Count - first < limit && (left -= after[first - 1].Length + 1) >= 0; first--)
            {
            }

            return new LogPage(after[first..], _end, _end - _start, first > 0, isReset);
        }
    }
}

/// <summary>Some log lines.</summary>
/// <param name="Cursor">Where the next read goes on.</param>
/// <param name="Size">Characters that are kept.</param>
/// <param name="IsTruncated">Whether lines between the cursor asked for and the first one were left out.</param>
/// <param name="IsReset">Whether the cursor asked for is none of this process, or the lines after it are gone.</param>
public sealed record LogPage(IReadOnlyList<string> Lines, long Cursor, long Size, bool IsTruncated, bool IsReset);
