namespace OpenClaw.Models;

/// <summary>How the last call to a provider went; known without calling it.</summary>
public enum ProviderHealth
{
    /// <summary>Not called yet since this instance started.</summary>
    Configured,

    /// <summary>It answered, if only to refuse a request.</summary>
    Connected,

    /// <summary>It did not answer, or with a failure of its own.</summary>
    Unreachable,

    /// <summary>It refused the gateway's credentials.</summary>
    Unauthorized,

    /// <summary>This gateway does not speak its api.</summary>
    Unsupported,
}

/// <summary>A configured provider and how it does.</summary>
public sealed record ProviderListing(string Id, ProviderHealth Health);

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
