using System.Net.WebSockets;
using System.Threading.Channels;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;

namespace OpenClaw.Gateway.Realtime.Sockets;

/// <summary>The frames that wait for one WebSocket. A client that leaves too many bytes waiting is cut off.</summary>
internal sealed class SocketTransport(WebSocket socket, TimeProvider time) : IFrameTransport, IDisposable
{
    /// <summary>How long the last frames may take to go out, and the client to answer the close frame.</summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);

    private readonly Channel<byte[]> _frames = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _cut = new();
    private (int Code, string Reason)? _close;
    private long _waiting;

    /// <summary>Fires when nothing more is sent or received.</summary>
    public CancellationToken Cut => _cut.Token;

    public void Send(byte[] frame)
    {
        if (Interlocked.Add(ref _waiting, frame.Length) > ControlPolicy.MaxBuffered)
        {
            _close ??= (CloseCode.Policy, "slow consumer");
            if (_frames.Writer.TryComplete())
            {
                _cut.Cancel(); // what waits would never go out
            }

            return;
        }

        _frames.Writer.TryWrite(frame);
    }

    public void Close(int code, string reason)
    {
        _close ??= (code, reason);
        if (_frames.Writer.TryComplete())
        {
            _cut.CancelAfter(CloseTime + CloseTime); // a client that takes nothing does not keep it open
        }
    }

    public void Dispose() => _cut.Dispose();

    /// <summary>Sends until the connection is closed, then the close frame.</summary>
    public async Task RunAsync()
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(Cut))
            {
                Interlocked.Add(ref _waiting, -frame.Length);
                await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, Cut);
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
