namespace OpenClaw.Security;

/// <summary>How the gateway lets callers in.</summary>
public enum AuthMode
{
    /// <summary>No credentials are configured: every protected call is refused.</summary>
    Unconfigured,
    Token,
    Password,
    TrustedProxy,
    None,
}
