namespace OpenClaw.Gateway.Media;

/// <summary>The settings of an upload beside its bytes.</summary>
/// <param name="Purpose">OpenAI's <c>purpose</c>; null without one.</param>
public sealed record MediaTerms(TimeSpan Ttl, string? Purpose);
