namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>Answer of the session actions <c>send</c> and <c>abort</c>.</summary>
/// <param name="RunId">The run that answers the message, or that was cancelled; null when no run held the session.</param>
public sealed record SessionRun(string SessionId, string Action, string? RunId);
