namespace OpenClaw.Models;

/// <summary>Whether a provider works, by its last call or by a check.</summary>
public enum ProviderHealth
{
    /// <summary>Neither called nor checked since this instance started.</summary>
    Configured,

    /// <summary>It answered, even if it refused the request.</summary>
    Connected,

    /// <summary>It did not answer, or it failed itself (status 500 and above).</summary>
    Unreachable,

    /// <summary>It refused the gateway's credentials, or the managed identity gave no token.</summary>
    Unauthorized,

    /// <summary>The gateway has no client for its api.</summary>
    Unsupported,
}

public static class ProviderHealthWords
{
    /// <summary>The word on the wire.</summary>
    public static string ToWord(this ProviderHealth health) => health switch
    {
        ProviderHealth.Connected => "connected",
        ProviderHealth.Unreachable => "unreachable",
        ProviderHealth.Unauthorized => "unauthorized",
        ProviderHealth.Unsupported => "unsupported",
        _ => "configured",
    };
}
