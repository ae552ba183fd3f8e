using System.Globalization;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Conformance;

/// <summary>One HTTP exchange over a bare socket, so that a test sees the chunks that were sent, not what a client makes of them.</summary>
internal sealed class RawExchange : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly List<byte> _read = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private NetworkStream _stream = null!;
    private int _position;

    public int Status { get; private set; }

    /// <summary>Names in lower case.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Posts JSON and reads the answer's head.</summary>
    public static async Task<RawExchange> PostAsync(Uri baseUrl, string path, string json)
    {
        var exchange = new RawExchange();
        await exchange.SendAsync(baseUrl, path, json);
        await exchange.ReadHeadAsync();
        return exchange;
    }

    /// <summary>The next chunk of the body as text; null at the end. An answer with a length is one chunk.</summary>
    public async Task<string?> ReadChunkAsync()
    {
        if (Headers.TryGetValue("content-length", out var length))
        {
            Headers.Remove("content-length");
            return await ReadTextAsync(int.Parse(length, CultureInfo.InvariantCulture));
        }

        if (!Headers.ContainsKey("transfer-encoding"))
        {
            return null;
        }

        var size = int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var text = await ReadTextAsync(size);
        await ReadLineAsync();
        if (size == 0)
        {
            Headers.Remove("transfer-encoding");
            return null;
        }

        return text;
    }

    public async Task<List<string>> ReadChunksAsync()
    {
        var chunks = new List<string>();
        while (await ReadChunkAsync() is { } chunk)
        {
            chunks.Add(chunk);
        }

        return chunks;
    }

    public async Task<string> ReadAllAsync() => string.Concat(await ReadChunksAsync());

    /// <summary>Leaves without a word.</summary>
    public void Dispose()
    {
        _tcp.LingerState = new LingerOption(enable: true, seconds: 0);
        _tcp.Dispose();
    }

    private async Task SendAsync(Uri baseUrl, string path, string json)
    {
        await _tcp.ConnectAsync(baseUrl.Host, baseUrl.Port);
        _stream = _tcp.GetStream();
        var body = Encoding.UTF8.GetBytes(json);
        var head = $"POST {path} HTTP/1.1\r\nHost: {baseUrl.Authority}\r\nAuthorization: Bearer {GatewayHost.Token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await _stream.WriteAsync(body);
    }

    private async Task ReadHeadAsync()
    {
        Status = int.Parse((await ReadLineAsync()).Split(' ')[1], CultureInfo.InvariantCulture);
        while (await ReadLineAsync() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Headers[line[..colon]] = line[(colon + 1)..].Trim();
        }
    }

    private async Task<string> ReadLineAsync()
    {
        while (true)
        {
            var end = _read.IndexOf((byte)'\n', _position);
            if (end >= 0)
            {
                var line = Encoding.ASCII.GetString([.. _read[_position..end]]).TrimEnd('\r');
                _position = end + 1;
                return line;
            }

            await FillAsync();
        }
    }

    private async Task<string> ReadTextAsync(int count)
    {
        while (_read.Count - _position < count)
        {
            await FillAsync();
        }

        var text = Encoding.UTF8.GetString([.. _read[_position..(_position + count)]]);
        _position += count;
        return text;
    }

    private async Task FillAsync()
    {
        if (_position > 0)
        {
            _read.RemoveRange(0, _position);
            _position = 0;
        }

        var count = await _stream.ReadAsync(_buffer).AsTask().WaitAsync(FunctionsHost.Patience);
        _read.AddRange(count > 0 ? _buffer.AsSpan(0, count) : throw new IOException("The connection ended in the middle of an answer."));
    }
}
