using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>One action asked for.</summary>
public sealed record SessionCall(HttpRequest Request, SessionActionRequest Body, FoundSession Found);
