using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Carries frames over the self-host's hub: the first response to a call completes its invocation, everything else is sent in
/// order. A client that leaves too many bytes waiting is cut off.</summary>
internal sealed class HubTransport : IFrameTransport
{
    /// <summary>How long a client that is turned away has to read why.</summary>
    private static readonly TimeSpan CloseDelay = TimeSpan.FromSeconds(1);

    private readonly HubCallerContext _context;
    private readonly ISingleClientProxy _client;
    private readonly TimeProvider _time;
    private readonly Channel<byte[]> _frames = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement?>> _calls = new(StringComparer.Ordinal);
    private ITimer? _end;
    private long _waiting;

    public HubTransport(HubCallerContext context, ISingleClientProxy client, TimeProvider time)
    {
        (_context, _client, _time) = (context, client, time);
        _ = Task.Run(RunAsync);
    }

    /// <summary>Gives a frame to the connection and waits for its first answer.</summary>
    /// <param name="lease">What the frame may hold of the memory for bodies.</param>
    public async Task<JsonElement?> CallAsync(ControlConnection connection, byte[] frame, BodyLease lease)
    {
        Hold(lease, frame.Length);
        if (IdOf(frame) is not { } id)
        {
            await connection.ReceiveAsync(frame, lease);
            return null;
        }

        var answer = new TaskCompletionSource<JsonElement?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_calls.TryAdd(id, answer))
        {
            lease.Dispose();
            throw new HubException($"A request with the id '{(id.Length <= 50 ? id : id[..50])}' waits for its answer already.");
        }

        try
        {
            await connection.ReceiveAsync(frame, lease);
            using (_context.ConnectionAborted.UnsafeRegister(
                static call => ((TaskCompletionSource<JsonElement?>)call!).TrySetResult(null), answer))
            {
                return await answer.Task;
            }
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    /// <exception cref="HubException">There is no room for the message now.</exception>
    public static void Hold(BodyLease lease, int bytes)
    {
        if (!lease.TryHold(bytes))
        {
            throw new HubException("The gateway holds too many bytes of messages right now; send it again.");
        }
    }

    public void Send(byte[] frame)
    {
        if (!_calls.IsEmpty && frame.AsSpan().StartsWith(ResponsePrefix) && IdOf(frame) is { } id && _calls.TryRemove(id, out var call))
        {
            call.TrySetResult(JsonElement.Parse(frame));
            return;
        }

        if (Interlocked.Add(ref _waiting, frame.Length) > ControlPolicy.MaxBuffered)
        {
            _frames.Writer.TryComplete();
            _context.Abort();
            return;
        }

        _frames.Writer.TryWrite(frame);
    }

    /// <summary>SignalR has no close codes: the client gets them in a message, and is cut off a second later.</summary>
    public void Close(int code, string reason)
    {
        if (!_frames.Writer.TryComplete())
        {
            return;
        }

        _end = _time.CreateTimer(static context => ((HubCallerContext)context!).Abort(), _context, CloseDelay, Timeout.InfiniteTimeSpan);
    }

    public void Complete()
    {
        _frames.Writer.TryComplete();
        _end?.Dispose();
    }

    /// <summary>How response frames begin; see <see cref="FrameWriter"/>.</summary>
    private static ReadOnlySpan<byte> ResponsePrefix => """{"type":"res","id":"""u8;

    private async Task RunAsync()
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(_context.ConnectionAborted))
            {
                Interlocked.Add(ref _waiting, -frame.Length);
                await _client.SendAsync(ServiceCalls.ClientMethod, JsonElement.Parse(frame), _context.ConnectionAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
    }

    /// <summary>The id of a frame; null when it has none, or is no JSON.</summary>
    private static string? IdOf(byte[] frame)
    {
        try
        {
            var reader = new Utf8JsonReader(frame);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                if (isId)
                {
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }

                reader.Skip();
            }

            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
