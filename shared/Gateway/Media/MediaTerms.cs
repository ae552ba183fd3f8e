namespace OpenClaw.Gateway.Media;

/// <summary>What is asked for a file beside its bytes.</summary>
/// <param name="Purpose">OpenAI's; else null.</param>
public sealed record MediaTerms(TimeSpan Ttl, string? Purpose);
