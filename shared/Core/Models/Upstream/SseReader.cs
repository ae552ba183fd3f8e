using System.Buffers;
using System.Text;
using System.Text.Unicode;
using OpenClaw.Errors;
using OpenClaw.Text;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// Reads server-sent events from a stream, one at a time, without reading ahead of its small buffer: a reader that
/// stops reading stops the sender. Lines end in LF, CR or CRLF; a leading byte order mark, comments, <c>id</c>,
/// <c>retry</c> and unknown fields are skipped. Bytes that are not UTF-8 become U+FFFD. The result does not depend on how the
/// bytes are divided into reads. Source: WHATWG HTML, "Server-sent events".
/// <para>Providers' streams differ from the standard in three ways. Events whose data is blank are heartbeats and skipped. Where the
/// blank line between two events is missing, whole JSON, or <c>[DONE]</c>, followed by another <c>data</c> field is an event of its own.
/// The same data at the end of the stream is an event, too; any other that the end cuts off is dropped.</para>
/// </summary>
/// <param name="stream">Left open.</param>
/// <param name="maxBytes">Longest line and longest event.</param>
internal sealed class SseReader(Stream stream, int maxBytes) : IDisposable
{
    private const int ReadSize = 8 * 1024;

    private readonly PooledBuffer _data = new(1024);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
    private int _start;
    private int _end;
    private int _scanned;
    private string? _name;
    private string? _lastName; // names repeat thousands of times in a stream
    private string? _nextName; // a name between two events without a blank line
    private JsonProgress _json; // of the first bytes of _data
    private int _followed; // how many
    private bool _hasData;
    private bool _delivered;
    private bool _skipLineFeed;
    private bool _firstLine = true;
    private bool _ended;

    /// <summary>The event's data, its lines joined by LF. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Data => _data.Memory;

    /// <summary>The <c>event</c> field; null when absent or empty.</summary>
    public string? Name => _name;

    /// <summary>Goes to the next event that has data; false at the end of the stream.</summary>
    /// <exception cref="GatewayException"><c>upstream_protocol</c> when a line or an event is too long.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_delivered)
        {
            ResetEvent();
        }

        return TryReadEvent() ? ValueTask.FromResult(true) : ReadMoreAsync(cancellationToken);
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        _ended = true;
        _data.Dispose();
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            MakeRoom();
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += count;
            if (count == 0)
            {
                _ended = true;
                EndLastLine();
            }

            if (TryReadEvent())
            {
                return true;
            }
        }

        return _hasData && !_delivered && IsWhole() && TryDeliver();
    }

    private void EndLastLine()
    {
        if (_end > _start)
        {
            _buffer[_end++] = (byte)'\n'; // MakeRoom left room
        }
    }

    private bool TryReadEvent()
    {
        while (TryReadLine(out var line))
        {
            if (line.IsEmpty)
            {
                _name = _nextName ?? _name;
                _nextName = null;
                if (_hasData && TryDeliver())
                {
                    return true;
                }

                ResetEvent();
            }
            else if (_hasData && IsDataField(line) && IsWhole())
            {
                (_start, _skipLineFeed) = (_start - line.Length - 1, false); // the line begins the next event
                if (TryDeliver())
                {
                    return true;
                }

                ResetEvent();
            }
            else
            {
                ReadField(line);
            }
        }

        return false;
    }

    private bool TryDeliver()
    {
        RepairText();
        return _delivered = _name == "error" || _data.Span.ContainsAnyExcept(" \t\n"u8);
    }

    private bool IsWhole()
    {
        _json.Add(_data.Span[_followed..]);
        _followed = _data.Length;
        return _json.IsWhole || _data.Span.SequenceEqual("[DONE]"u8);
    }

    private static bool IsDataField(ReadOnlySpan<byte> line) =>
        line.StartsWith("data"u8) && (line.Length == 4 || line[4] == (byte)':');

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        if (_skipLineFeed && _end > _start)
        {
            _skipLineFeed = false;
            _start += _buffer[_start] == (byte)'\n' ? 1 : 0;
        }

        var rest = _buffer.AsSpan(_start, _end - _start);
        var found = rest[_scanned..].IndexOfAny((byte)'\n', (byte)'\r');
        var length = found < 0 ? rest.Length : _scanned + found;
        if (length > maxBytes)
        {
            throw TooLong();
        }

        if (found < 0)
        {
            _scanned = rest.Length;
            line = default;
            return false;
        }

        line = rest[..length];
        _skipLineFeed = rest[length] == (byte)'\r';
        _start += length + 1;
        _scanned = 0;
        if (_firstLine)
        {
            _firstLine = false;
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        }

        return true;
    }

    private void ReadField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var field = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        if (!value.IsEmpty && value[0] == (byte)' ')
        {
            value = value[1..];
        }

        if (field.SequenceEqual("data"u8))
        {
            if (_data.Length + value.Length >= maxBytes)
            {
                throw TooLong();
            }

            if (_hasData)
            {
                _data.Add((byte)'\n');
            }

            _data.Add(value);
            _hasData = true;
        }
        else if (field.SequenceEqual("event"u8))
        {
            var name = value.IsEmpty ? null : NameOf(value);
            if (_hasData && IsWhole())
            {
                _nextName = name; // of this event when a blank line follows, else of the next one
            }
            else
            {
                _name = name;
            }
        }
    }

    private string NameOf(ReadOnlySpan<byte> value)
    {
        if (_lastName is null || !Ascii.Equals(value, _lastName))
        {
            _lastName = Encoding.UTF8.GetString(value);
        }

        return _lastName;
    }

    private void RepairText()
    {
        if (!Utf8.IsValid(_data.Span))
        {
            var repaired = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_data.Span));
            _data.Clear();
            _data.Add(repaired);
        }
    }

    private void ResetEvent()
    {
        _data.Clear();
        (_name, _nextName) = (_nextName, null);
        (_json, _followed) = (default, 0);
        _hasData = _delivered = false;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        var rest = _buffer.AsSpan(_start, _end - _start);
        if (_start >= _buffer.Length / 2)
        {
            rest.CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            rest.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _end -= _start;
        _start = 0;
    }

    private static GatewayException TooLong() => new(GatewayError.UpstreamProtocol());
}
