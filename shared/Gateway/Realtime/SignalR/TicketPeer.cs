using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>A client that has shown its credential at <c>/negotiate</c>. What it repeats of it in <c>connect</c> counts for nothing; a
/// device token must be that of the device that negotiated.</summary>
internal sealed class TicketPeer : ConnectPeer
{
    private readonly Caller _caller;

    private TicketPeer(Caller caller, AuthMode mode) => (_caller, Mode) = (caller, mode);

    public override AuthMode Mode { get; }

    /// <param name="caller">With its rights of this moment.</param>
    public static TicketPeer Of(RealtimeTicket ticket, Caller caller, AuthMode mode, string connectionId) => new(caller, mode)
    {
        ConnectionId = connectionId,
        RemoteAddress = ticket.RemoteAddress,
        Origin = ticket.Origin,
        IsOriginAllowed = ticket.IsOriginAllowed,
        Credential = "negotiated",
        Nonce = ticket.Nonce,
    };

    public override ValueTask<Caller> AuthenticateAsync(string? credential, CancellationToken cancellationToken) =>
        credential is null || !DeviceTokenText.IsClaimed(credential) || DeviceTokenText.DeviceOf(credential) == _caller.Device
            ? ValueTask.FromResult(_caller)
            : throw new GatewayException(GatewayError.Unauthorized("This device token is not the one that negotiated the connection."));
}
