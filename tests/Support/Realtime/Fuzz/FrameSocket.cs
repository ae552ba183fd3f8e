using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace OpenClaw.Tests.Support.Realtime.Fuzz;

/// <summary>A WebSocket that sends any bytes, and keeps what comes.</summary>
internal sealed class FrameSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();
    private Task _reading = Task.CompletedTask;

    private FrameSocket() => _socket.Options.Proxy = null;

    /// <summary>The code of the close frame; null when the connection was cut without one.</summary>
    public int? CloseCode { get; private set; }

    public static async Task<FrameSocket> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new FrameSocket();
        await socket._socket.ConnectAsync(address, cancellationToken);
        socket._reading = socket.ReadAsync();
        return socket;
    }

    /// <returns>False when the connection has ended.</returns>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> message, bool isBinary, CancellationToken cancellationToken)
    {
        try
        {
            await _socket.SendAsync(
                message, isBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            return true;
        }
        catch (Exception failure) when (
            failure is WebSocketException or InvalidOperationException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested)) // reset in the middle of a send
        {
            return false;
        }
    }

    /// <summary>The next message; null when the connection has ended.</summary>
    public async Task<string?> NextAsync(CancellationToken cancellationToken) =>
        await _messages.Reader.WaitToReadAsync(cancellationToken) && _messages.Reader.TryRead(out var message) ? message : null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
            }
        }
        catch (WebSocketException)
        {
            // The gateway was faster.
        }

        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), default);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    CloseCode = (int?)_socket.CloseStatus;
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
                    break;
                }

                message.Write(buffer, 0, received.Count);
                if (received.EndOfMessage)
                {
                    _messages.Writer.TryWrite(System.Text.Encoding.UTF8.GetString(message.ToArray()));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception failure) when (
            failure is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Ended without a close frame, or from here.
        }

        _messages.Writer.TryComplete();
    }
}

/// <summary>Looks into messages of the gateway.</summary>
internal static class FrameReading
{
    public static string? Text(this JsonElement message, string name) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
