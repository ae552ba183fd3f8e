using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>A SignalR client on the self-host: the same methods and messages as over SignalR Service. Its frames go to a
/// <see cref="ControlConnection"/>, as those of a WebSocket do.</summary>
internal sealed class ControlPlaneHub(ControlPlane plane, RealtimeRights rights, BodyBudget bodies) : Hub
{
    public override Task OnConnectedAsync()
    {
        var (ticket, caller) = Negotiated;
        var transport = new HubTransport(Context, Clients.Caller, plane.Limits, plane.Time);
        var connection = new ControlConnection(plane, TicketPeer.Of(ticket, caller, rights.Mode, Context.ConnectionId), transport);
        Context.Items[typeof(ControlConnection)] = (connection, transport);
        connection.Open();
        return Task.CompletedTask;
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items[typeof(ControlConnection)] is (ControlConnection connection, HubTransport transport))
        {
            await connection.DisposeAsync();
            transport.Dispose();
        }
    }

    /// <summary>Takes a frame, as an object or as its text.</summary>
    /// <returns>The first response frame; null when there is none.</returns>
    [HubMethodName(ServiceCalls.Method)]
    public Task<JsonElement?> CallAsync(JsonElement frame)
    {
        if (Text(frame) is not { } text)
        {
            return Task.FromResult<JsonElement?>(HubTransport.Refuse(new RpcError(RpcError.InvalidRequest, "invalid request frame")));
        }

        var (connection, transport) = Connected;
        return transport.CallAsync(connection, text, bodies.Open(Negotiated.Caller));
    }

    /// <summary>Takes a message of the simple dialect; answers come as messages.</summary>
    [HubMethodName("simple")]
    public Task TakeAsync(JsonElement message) => CallAsync(message);

    private LocalHub.Negotiated Negotiated => (LocalHub.Negotiated)Context.GetHttpContext()!.Items[typeof(LocalHub.Negotiated)]!;

    private (ControlConnection Connection, HubTransport Transport) Connected =>
        Context.Items[typeof(ControlConnection)] is (ControlConnection connection, HubTransport transport)
            ? (connection, transport)
            : throw new HubException("The connection is closing.");

    /// <summary>Null when the text cannot be read: it holds half of a surrogate pair.</summary>
    private static byte[]? Text(JsonElement frame)
    {
        try
        {
            return frame.ValueKind == JsonValueKind.String
                ? Encoding.UTF8.GetBytes(frame.GetString()!) : JsonMarshal.GetRawUtf8Value(frame).ToArray();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
