using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.Tests.Support;

/// <summary>A bare connection: a test sends the bytes that it means, and sees how the answer and the connection end.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private StreamReader _reader = null!;

    /// <summary>Of the last answer; names in any case.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of the last answer.</summary>
    public string Body { get; private set; } = "";

    public static async Task<RawConnection> OpenAsync(string url)
    {
        var connection = new RawConnection();
        var uri = new Uri(url);
        await connection._tcp.ConnectAsync(uri.Host, uri.Port);
        connection._reader = new StreamReader(connection._tcp.GetStream(), Encoding.Latin1);
        return connection;
    }

    public Task SendAsync(string text) => _tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>Says that nothing more is sent.</summary>
    public void EndSending() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Reads one answer.</summary>
    /// <returns>Its status.</returns>
    public async Task<int> ReadAnswerAsync()
    {
        Headers.Clear();
        var status = int.Parse((await LineAsync()).Split(' ')[1], CultureInfo.InvariantCulture);
        while (await LineAsync() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        Body = Headers.TryGetValue("Content-Length", out var length) ? await TextAsync(int.Parse(length, CultureInfo.InvariantCulture))
            : Headers.ContainsKey("Transfer-Encoding") ? await ChunksAsync() : "";
        return status;
    }

    /// <summary>Waits until the server closes the connection.</summary>
    /// <returns>Whether it did so without another byte.</returns>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await _reader.ReadAsync(new char[1]).AsTask().WaitAsync(FunctionsHost.Patience) == 0;
        }
        catch (IOException)
        {
            return true; // with a reset, because bytes of ours were not read
        }
    }

    /// <summary>Waits until the connection ends, in whatever way.</summary>
    public async Task WaitForEndAsync()
    {
        while (!await IsClosedAsync())
        {
        }
    }

    public void Dispose() => _tcp.Dispose();

    private async Task<string> LineAsync() =>
        await _reader.ReadLineAsync().WaitAsync(FunctionsHost.Patience) ?? throw new IOException("The connection ended in an answer.");

    private async Task<string> TextAsync(int count)
    {
        var text = new char[count];
        return await _reader.ReadBlockAsync(text).AsTask().WaitAsync(FunctionsHost.Patience) == count
            ? new string(text) : throw new IOException("The connection ended in a body.");
    }

    private async Task<string> ChunksAsync()
    {
        var body = new StringBuilder();
        while (int.Parse(await LineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.Append(await TextAsync(size));
            await LineAsync();
        }

        await LineAsync();
        return body.ToString();
    }
}
