namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>Answer of <c>POST /sessions/{key}/kill</c>.</summary>
/// <param name="RunId">The run that was cancelled; absent when no run held the session.</param>
public sealed record KilledSession(bool Ok, string Key, string? RunId);
