using System.Net.WebSockets;
using System.Text;
using System.Text.Unicode;
using System.Threading.Channels;
using OpenClaw.Gateway.Realtime.Connections;

namespace OpenClaw.Gateway.Realtime.Sockets;

/// <summary>The frames that wait for one WebSocket. When too many bytes wait, they are dropped, and the client has a few seconds to take
/// the frame that is under way and the close frame after it.</summary>
internal sealed class SocketTransport(WebSocket socket, ConnectionLimits limits, TimeProvider time) : IFrameTransport, IDisposable
{
    /// <summary>How long the last frames may take to go out, and the client to answer the close frame.</summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);

    /// <summary>UTF-8 bytes. Source: RFC 6455, section 5.5.</summary>
    private const int MaxReason = 123;

    private readonly Channel<byte[]> _frames = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConnectionLimits.Backlog _backlog = limits.OpenBacklog();
    private readonly CancellationTokenSource _cut = new();
    private (int Code, string Reason)? _close;
    private volatile bool _isDropping;

    /// <summary>Fires when nothing more is sent or received.</summary>
    public CancellationToken Cut => _cut.Token;

    public bool Send(byte[] frame)
    {
        if (!_backlog.TryAdd(frame.Length))
        {
            _isDropping = true;
            return false;
        }

        if (!_frames.Writer.TryWrite(frame))
        {
            _backlog.Remove(frame.Length);
        }

        return true;
    }

    public void Close(int code, string reason)
    {
        _close ??= (code, Shorten(reason));
        if (_frames.Writer.TryComplete())
        {
            _cut.CancelAfter(CloseTime + CloseTime); // a client that takes nothing does not keep it open
        }
    }

    public void Dispose()
    {
        _backlog.Clear();
        _cut.Dispose();
    }

    /// <summary>As much of a reason as a close frame holds, without a half character at the end.</summary>
    private static string Shorten(string reason)
    {
        var bytes = new byte[MaxReason];
        Utf8.FromUtf16(reason, bytes, out _, out var written, replaceInvalidSequences: true);
        return Encoding.UTF8.GetString(bytes, 0, written);
    }

    /// <summary>Sends until the connection is closed, then the close frame.</summary>
    public async Task RunAsync()
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(Cut))
            {
                if (!_isDropping)
                {
                    await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, Cut);
                }

                _backlog.Remove(frame.Length);
            }

            if (_close is var (code, reason) && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using var limit = new CancellationTokenSource(CloseTime, time);
                await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, limit.Token);
                _cut.CancelAfter(CloseTime); // the reader waits for the client's close frame that long
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            await _cut.CancelAsync(); // the client left, or is too slow
        }
    }
}
