namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>Answer of the session actions <c>send</c> and <c>abort</c>.</summary>
/// <param name="RunId">The run that answers the message, or that was ended; null when none was under way.</param>
public sealed record SessionRun(string SessionId, string Action, string? RunId);
