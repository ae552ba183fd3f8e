namespace OpenClaw.Security;

/// <summary>How a route lets callers in.</summary>
public enum AuthClass
{
    /// <summary>Open to everyone: liveness and the like.</summary>
    Public,

    /// <summary>Needs the gateway's credentials and a scope.</summary>
    Gateway,

    /// <summary>Only the gateway itself, by a ticket; see <see cref="InternalSecret"/>.</summary>
    Internal,

    /// <summary>Needs the gateway's credentials and a scope, or a ticket for the very file that the path names.</summary>
    GatewayOrTicket,

    /// <summary>The handler checks the proof that the caller's own protocol has: the signature and token of SignalR Service, the token of
    /// a negotiated connection.</summary>
    Service,

    /// <summary>A platform proves itself by its own signature or secret token, which the handler checks before it parses
    /// anything.</summary>
    Signed,

    /// <summary>The handler decides itself, after a look at the request (not found, method not allowed).</summary>
    ByPath,
}
