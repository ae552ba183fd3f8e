using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using OpenClaw.Errors;
using OpenClaw.Security.Limits;
using OpenClaw.Security.Rights;

namespace OpenClaw.Gateway.Responses;

/// <summary>Reads a WebSocket ahead of the running turn, so that a client that leaves is noticed at once. Messages that wait count in the
/// budget for bodies; one that has no room there is read over and answered with an error in its turn.</summary>
/// <param name="limit">Bytes of one message; a longer one closes the connection.</param>
internal sealed class SocketMessages(WebSocket socket, BodyBudget bodies, LiveCaller live, long limit)
{
    private const int MaxWaiting = 16;

    private const int PieceBytes = 4096;

    private readonly Channel<SocketMessageBody> _waiting = Channel.CreateBounded<SocketMessageBody>(MaxWaiting);

    /// <summary>The messages in order; the reader disposes each.</summary>
    public IAsyncEnumerable<SocketMessageBody> ReadAllAsync(CancellationToken cancellationToken) =>
        _waiting.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Reads until the client leaves, then cancels <paramref name="closing"/>.</summary>
    public async Task ReceiveAsync(CancellationTokenSource closing)
    {
        try
        {
            while (await ReceiveOneAsync(closing.Token) is { } message)
            {
                await QueueAsync(message, closing.Token);
            }

            if (socket.State is WebSocketState.CloseReceived or WebSocketState.Open)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or WebSocketException)
        {
            // The client left without a close frame.
        }

        _waiting.Writer.TryComplete();
        await closing.CancelAsync();
    }

    /// <summary>Gives back what messages hold that are not answered any more. Called after <see cref="ReceiveAsync"/> has ended.</summary>
    public void Drop()
    {
        while (_waiting.Reader.TryRead(out var message))
        {
            message.Dispose();
        }
    }

    /// <returns>Null when there is no more message.</returns>
    private async Task<SocketMessageBody?> ReceiveOneAsync(CancellationToken cancellationToken)
    {
        var message = new SocketMessageBody(bodies.Open(live.Current));
        try
        {
            for (var length = 0L; ;)
            {
                var received = await socket.ReceiveAsync(message.Buffer.GetMemory(PieceBytes), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                length += received.Count;
                if (length > limit)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, "message too big", cancellationToken);
                    break;
                }

                message.Take(received.Count);
                if (received.EndOfMessage)
                {
                    return message;
                }
            }
        }
        catch
        {
            message.Dispose();
            throw;
        }

        message.Dispose();
        return null;
    }

    private async Task QueueAsync(SocketMessageBody message, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync(message, cancellationToken);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }
}

/// <summary>One message as it came, and its part of the budget for bodies.</summary>
internal sealed class SocketMessageBody(BodyLease lease) : IDisposable
{
    private bool _isRefused;
    private bool _isKept;

    public ArrayBufferWriter<byte> Buffer { get; private set; } = new();

    /// <summary>The bytes of the message.</summary>
    /// <exception cref="GatewayException"><c>503 too_many_bytes_in_flight</c>: there was no room for it.</exception>
    public ReadOnlySpan<byte> Read() =>
        _isRefused ? throw new GatewayException(GatewayError.TooManyBytesInFlight()) : Buffer.WrittenSpan;

    /// <summary>Takes bytes that were written to <see cref="Buffer"/>; without room for them the message is dropped.</summary>
    public void Take(int count)
    {
        if (!_isRefused && lease.TryHold(Buffer.WrittenCount + count))
        {
            Buffer.Advance(count);
            return;
        }

        _isRefused = true;
        lease.Dispose();
        Buffer = new();
    }

    /// <summary>Leaves the part of the budget to the response that the message made.</summary>
    public BodyLease Keep()
    {
        _isKept = true;
        return lease;
    }

    public void Dispose()
    {
        if (!_isKept)
        {
            lease.Dispose();
        }
    }
}
