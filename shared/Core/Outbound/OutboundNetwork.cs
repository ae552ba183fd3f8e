using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace OpenClaw.Outbound;

/// <summary>The network as the guard sees it: the one seam that tests replace.</summary>
/// <param name="Resolve">All addresses of a host name.</param>
/// <param name="Connect">Opens a TCP connection to an address that the guard has judged.</param>
public sealed record OutboundNetwork(
    Func<string, CancellationToken, Task<IPAddress[]>> Resolve,
    Func<IPEndPoint, CancellationToken, Task<OutboundConnection>> Connect)
{
    public static OutboundNetwork Real { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

    /// <summary>Certificate authorities to believe in place of the system's.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    private static async Task<OutboundConnection> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new(new NetworkStream(socket, ownsSocket: true), socket.RemoteEndPoint as IPEndPoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
