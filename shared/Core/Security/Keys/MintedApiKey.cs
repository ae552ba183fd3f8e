namespace OpenClaw.Security.Keys;

/// <summary>A key with its text, which is shown once and stored nowhere.</summary>
public sealed record MintedApiKey(ApiKey Key, string Text);
