using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Outbound;

/// <summary>Which addresses are public, judged by their bytes. Source: the special-purpose address registries of IANA, and Azure's own
/// 168.63.129.16.</summary>
internal static class AddressRules
{
    private static readonly IPNetwork[] Denied4 =
    [
        Range("0.0.0.0/8"), Range("10.0.0.0/8"), Range("100.64.0.0/10"), Range("127.0.0.0/8"), Range("169.254.0.0/16"), Range(
            "172.16.0.0/12"),
        Range("192.0.0.0/24"), Range("192.0.2.0/24"), Range("192.31.196.0/24"), Range("192.52.193.0/24"), Range("192.88.99.0/24"),
        Range("192.168.0.0/16"), Range("192.175.48.0/24"), Range("198.18.0.0/15"), Range("198.51.100.0/24"), Range("203.0.113.0/24"),
        Range("224.0.0.0/4"), Range("240.0.0.0/4"), Range("168.63.129.16/32"),
    ];

    private static readonly IPNetwork Global6 = Range("2000::/3");

    private static readonly IPNetwork[] Denied6 = [Range("2001::/23"), Range("2001:db8::/32"), Range("2002::/16"), Range("3fff::/20")];

    /// <summary>An IPv4 address inside IPv6 (<c>::ffff:0:0/96</c>) is judged as IPv4; of IPv6 only global unicast passes, without
    /// what tunnels to IPv4.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily switch
        {
            AddressFamily.InterNetwork => !IsIn(Denied4, plain),
            AddressFamily.InterNetworkV6 => plain.ScopeId == 0 && Global6.Contains(plain) && !IsIn(Denied6, plain) && !IsIsatap(plain),
            _ => false,
        };
    }

    private static bool IsIn(IPNetwork[] ranges, IPAddress address)
    {
        foreach (var range in ranges)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An interface identifier that holds an IPv4 address: <c>0:5efe</c> or <c>200:5efe</c> before it (RFC 5214).</summary>
    private static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return bytes[8..12] is [0 or 2, 0, 0x5e, 0xfe];
    }

    private static IPNetwork Range(string text) => IPNetwork.Parse(text);
}
