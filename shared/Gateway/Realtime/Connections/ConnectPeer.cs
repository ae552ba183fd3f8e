using OpenClaw.Errors;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>The other end of a connection that is being opened, as its transport knows it.</summary>
internal abstract class ConnectPeer
{
    /// <summary>Of the connection; unique among all instances.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>For people to look at; never for a decision.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The origin of the page that opened the connection; null when it was no page.</summary>
    public string? Origin { get; init; }

    /// <summary>Whether pages of <see cref="Origin"/> may use the gateway.</summary>
    public bool IsOriginAllowed { get; init; }

    /// <summary>What a device signs; a connection that was negotiated has had its challenge before.</summary>
    public string Nonce { get; init; } = Guid.NewGuid().ToString("D");

    /// <summary>A credential that came with the request that opened the connection.</summary>
    public string? Credential { get; init; }

    /// <summary>How callers prove themselves here.</summary>
    public abstract AuthMode Mode { get; }

    /// <summary>Finds the caller.</summary>
    /// <param name="credential">Null when the client sent none: a proxy may vouch for it, or the gateway is open.</param>
    /// <exception cref="GatewayException"><c>401</c>, <c>403</c>, <c>429 auth_rate_limited</c>, <c>503</c>.</exception>
    public abstract ValueTask<Caller> AuthenticateAsync(string? credential, CancellationToken cancellationToken);
}
