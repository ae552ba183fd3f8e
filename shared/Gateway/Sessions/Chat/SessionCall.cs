using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>One action of a request on one session.</summary>
public sealed record SessionCall(HttpRequest Request, SessionActionRequest Body, FoundSession Found);
