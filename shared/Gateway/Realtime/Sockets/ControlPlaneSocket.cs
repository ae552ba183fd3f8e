using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs.Durable;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Realtime.Sockets;

/// <summary>The control plane over a WebSocket, on the self-host. Clients of the original connect to the base URL itself, so every path
/// that no other surface has takes upgrades.</summary>
public sealed class ControlPlaneSocket
{
    private readonly ControlPlane _plane;
    private readonly Authenticator _authenticator;
    private readonly AmbientCallers _ambient;
    private readonly OriginRules _origins;
    private readonly BodyBudget _bodies;
    private readonly HostTraits _host;
    private readonly Shutdown _shutdown;

    internal ControlPlaneSocket(
        ControlPlane plane, Authenticator authenticator, AmbientCallers ambient, OriginRules origins, BodyBudget bodies, HostTraits host,
        Shutdown shutdown) =>
        (_plane, _authenticator, _ambient, _origins, _bodies, _host, _shutdown) =
            (plane, authenticator, ambient, origins, bodies, host, shutdown);

    /// <summary>Whether a request to a path without a route of its own opens a connection.</summary>
    public bool IsUpgrade(HttpRequest request) =>
        !_host.IsWorker && request.HttpContext.WebSockets.IsWebSocketRequest
        && !PathTable.Of(request.HttpContext).IsProtected(request.Path);

    /// <exception cref="GatewayException"><c>426 upgrade_required</c>, <c>503 server_stopping</c>.</exception>
    public IResult Connect(HttpRequest request)
    {
        if (!IsUpgrade(request))
        {
            request.HttpContext.Response.Headers.Upgrade = "websocket";
            throw new GatewayException(GatewayError.UpgradeRequired(_host.IsWorker
                ? "WebSockets are not available here; connect through /negotiate."
                : "Connect with a WebSocket."));
        }

        return _shutdown.HasBegun ? throw new GatewayException(GatewayError.Stopping()) : new SocketResult(RunAsync);
    }

    private async Task RunAsync(HttpContext context)
    {
        var peer = HttpPeer.Of(context, _authenticator, _ambient, _origins);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var transport = new SocketTransport(socket, _plane.Limits, _plane.Time);
        var sending = transport.RunAsync();
        await using (var connection = new ControlConnection(_plane, peer, transport))
        {
            connection.Open();
            try
            {
                await ReadAsync(socket, connection, transport, context.RequestAborted);
            }
            catch (Exception failure) when (failure is OperationCanceledException or WebSocketException)
            {
                // The client left without a close frame, or the connection was closed from here.
            }

            transport.Close(CloseCode.Normal, "");
        }

        await sending;
    }

    private async Task ReadAsync(
        WebSocket socket, ControlConnection connection, SocketTransport transport, CancellationToken aborted)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(transport.Cut, aborted);
        var buffer = new ArrayBufferWriter<byte>(4096);
        BodyLease? lease = null;
        using var unanswered = new Unanswered(() => lease);
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.GetMemory(4096), end.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (connection.Closing.IsCancellationRequested)
            {
                buffer.ResetWrittenCount(); // what comes after our close frame counts for nothing
                continue;
            }

            buffer.Advance(received.Count);
            if (buffer.WrittenCount > connection.MaxMessage)
            {
                connection.Close(CloseCode.TooBig, "message too big");
                continue;
            }

            if (connection.Caller is { } caller)
            {
                lease ??= _bodies.Open(caller);
                if (!lease.TryHold(buffer.WrittenCount))
                {
                    connection.Close(CloseCode.TryAgainLater, "too many bytes in flight");
                    continue;
                }
            }

            if (received.EndOfMessage)
            {
                var held = lease;
                lease = null;
                await connection.ReceiveAsync(buffer.WrittenMemory, held);
                Empty(ref buffer);
            }
        }
    }

    /// <summary>A buffer that a large message made large is given back.</summary>
    private static void Empty(ref ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > ControlPolicy.MaxPayloadBeforeConnect)
        {
            buffer = new ArrayBufferWriter<byte>(4096);
        }
        else
        {
            buffer.ResetWrittenCount();
        }
    }

    /// <summary>Gives back the lease of a message that never came to its end.</summary>
    private sealed class Unanswered(Func<BodyLease?> lease) : IDisposable
    {
        public void Dispose() => lease()?.Dispose();
    }

    private sealed class SocketResult(Func<HttpContext, Task> run) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => run(httpContext);
    }
}
