using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Sessions;

/// <summary>A session that a request names, found and allowed.</summary>
public sealed record FoundSession(SessionKey Key, SessionHead Head, string Id);
