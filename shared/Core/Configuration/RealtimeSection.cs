namespace OpenClaw.Configuration;

/// <summary>The control plane.</summary>
public sealed class RealtimeSection
{
    /// <summary>Connections of one caller, or of one device, to one process.</summary>
    public int MaxConnectionsPerCaller { get; set; } = 256;

    /// <summary>Bytes of frames that may wait for one client before its connection is closed.</summary>
    public int MaxBufferedBytes { get; set; } = 50 * 1024 * 1024;

    /// <summary>SignalR Service.</summary>
    public UpstreamSection Upstream { get; set; } = new();
}

/// <summary>How SignalR Service proves its calls to the gateway, beside its signature. What is set must hold; one of the two must be
/// set.</summary>
public sealed class UpstreamSection
{
    /// <summary>The parameter <c>code</c> of the URL that the service calls.</summary>
    public string? Secret { get; set; }

    /// <summary>Application ID URI that the service's tokens are made out to, such as <c>api://GUID</c>.</summary>
    public string? Audience { get; set; }

    /// <summary>Who issues them, such as <c>https://login.microsoftonline.com/TENANT/v2.0</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>Object id of the service's identity: others in the tenant get tokens for the audience too.</summary>
    public string? Identity { get; set; }
}
