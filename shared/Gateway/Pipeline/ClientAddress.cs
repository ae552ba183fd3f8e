using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>The client that a request comes from, for limits only: an address never authenticates a caller.</summary>
public static class ClientAddress
{
    /// <summary>The peer; behind trusted proxies the last forwarded address that is not one of theirs.</summary>
    /// <param name="claimed">True where the peer is the platform, so that only the forwarded address is known.</param>
    public static IPAddress Of(HttpContext context, IReadOnlyList<IPNetwork> trustedProxies, bool claimed)
    {
        var peer = Canonical(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (!claimed && !IsIn(peer, trustedProxies))
        {
            return peer;
        }

        var hops = context.Request.Headers["X-Forwarded-For"].ToString().Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = hops.Length - 1; i >= 0; i--)
        {
            if (!TryParse(hops[i], out var hop))
            {
                break;
            }

            if (!IsIn(hop, trustedProxies))
            {
                return hop;
            }
        }

        return peer;
    }

    /// <summary>The bucket an address counts in: IPv4 as it is (mapped forms too), IPv6 by its /64.</summary>
    public static string Bucket(IPAddress address)
    {
        var canonical = Canonical(address);
        if (canonical.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return canonical.ToString();
        }

        var bytes = canonical.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    public static bool IsIn(IPAddress address, IReadOnlyList<IPNetwork> networks)
    {
        var canonical = Canonical(address);
        foreach (var network in networks)
        {
            if (network.Contains(canonical))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Unmaps IPv4 from IPv6 and drops the zone.</summary>
    public static IPAddress Canonical(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes())
        : address;

    private static bool TryParse(string hop, out IPAddress address)
    {
        if (IPEndPoint.TryParse(hop, out var endpoint))
        {
            address = Canonical(endpoint.Address);
            return true;
        }

        address = IPAddress.None;
        return false;
    }
}
