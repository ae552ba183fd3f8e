namespace OpenClaw.Outbound;

/// <summary>What one fetch may do. Private addresses are out of reach, except those of <see cref="PrivateHosts"/>.</summary>
public sealed record FetchPolicy
{
    /// <summary>Hosts, exact or <c>*.example.com</c> (not the apex); checked at each redirect too. Empty: no limit by host name.</summary>
    public IReadOnlyList<string> HostAllowlist { get; init; } = [];

    /// <summary>Hosts, names or IPv4 addresses, that the operator allows whatever their address is, with http and any port; compared
    /// exactly, and at each redirect again.</summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    public int MaxRedirects { get; init; } = 3;

    /// <summary>Of the whole fetch, redirects and body included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of each hop, from its start to the headers of its answer.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Of the body, before and after decompression.</summary>
    public long MaxBytes { get; init; } = 5_242_880;

    /// <summary>The <c>Accept</c> header.</summary>
    public string? Accept { get; init; }
}
