using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Carries frames over the self-host's hub: the first response to a call completes its invocation, everything else is sent in
/// order. A client that leaves too many bytes waiting is cut off.</summary>
internal sealed class HubTransport : IFrameTransport, IDisposable
{
    /// <summary>How long a client that is turned away has to read why.</summary>
    private static readonly TimeSpan CloseDelay = TimeSpan.FromSeconds(1);

    private readonly HubCallerContext _context;
    private readonly ISingleClientProxy _client;
    private readonly TimeProvider _time;
    private readonly Channel<byte[]> _frames = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConnectionLimits.Backlog _backlog;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly CancellationToken _gone;
    private ITimer? _end;

    public HubTransport(HubCallerContext context, ISingleClientProxy client, ConnectionLimits limits, TimeProvider time)
    {
        (_context, _client, _time, _gone) = (context, client, time, context.ConnectionAborted);
        _backlog = limits.OpenBacklog();
        _ = Task.Run(RunAsync);
    }

    /// <summary>Gives a frame to the connection, after the frames before it, and waits for its first response.</summary>
    /// <param name="lease">For the memory of the frame.</param>
    /// <returns>Null when there is no response to it.</returns>
    public async Task<JsonElement?> CallAsync(ControlConnection connection, byte[] frame, BodyLease lease)
    {
        if (!lease.TryHold(frame.Length))
        {
            return Refuse(RpcError.Of(GatewayError.TooManyBytesInFlight()));
        }

        var answer = new TaskCompletionSource<JsonElement?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (!await ReceiveAsync(connection, frame, lease, Respond))
            {
                return null;
            }

            return await answer.Task.WaitAsync(_gone);
        }
        catch (OperationCanceledException)
        {
            lease.Dispose();
            return null; // the connection is closing
        }

        void Respond(byte[] response)
        {
            if (!answer.TrySetResult(JsonElement.Parse(response)))
            {
                connection.Send(response);
            }
        }
    }

    public bool Send(byte[] frame)
    {
        if (!_backlog.TryAdd(frame.Length))
        {
            _context.Abort();
            return false;
        }

        if (!_frames.Writer.TryWrite(frame))
        {
            _backlog.Remove(frame.Length);
        }

        return true;
    }

    /// <summary>SignalR has no close codes: the client gets them in a message, and is cut off a second later.</summary>
    public void Close(int code, string reason)
    {
        if (_frames.Writer.TryComplete())
        {
            _end = _time.CreateTimer(
                static context => ((HubCallerContext)context!).Abort(), _context, CloseDelay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _frames.Writer.TryComplete();
        _backlog.Clear();
        _end?.Dispose();
    }

    /// <summary>The response to a frame that was not looked at. An exception would reach the client too, but SignalR logs it as a failure
    /// of the gateway.</summary>
    public static JsonElement Refuse(RpcError error) => JsonElement.Parse(FrameWriter.Failure("invalid", error));

    /// <summary>One frame after the other, as they come on a socket; calls of a client may overlap.</summary>
    private async Task<bool> ReceiveAsync(ControlConnection connection, byte[] frame, BodyLease lease, Action<byte[]> respond)
    {
        await _reading.WaitAsync(_gone);
        try
        {
            if (connection.Closing.IsCancellationRequested)
            {
                lease.Dispose();
                return false;
            }

            return await connection.ReceiveAsync(frame, lease, respond);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(_gone))
            {
                await _client.SendAsync(ServiceCalls.ClientMethod, JsonElement.Parse(frame), _gone);
                _backlog.Remove(frame.Length);
            }
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
    }
}
