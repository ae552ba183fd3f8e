using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Sessions;

/// <summary>A session that a request names, that exists and that the caller may use.</summary>
public sealed record FoundSession(SessionKey Key, SessionHead Head, string Id);
