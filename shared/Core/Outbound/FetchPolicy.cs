namespace OpenClaw.Outbound;

/// <summary>What one fetch may do. Private addresses are out of reach whatever it says.</summary>
public sealed record FetchPolicy
{
    /// <summary>Hosts, exact or <c>*.example.com</c> (not the apex); checked at each redirect too. Empty: no limit by host name.</summary>
    public IReadOnlyList<string> HostAllowlist { get; init; } = [];

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
