using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary>On whom a model call of the gateway's own is counted: the caller, agent and session for which it is made.</summary>
public sealed record ModelCallCause(Caller Caller, string Agent, SessionKey Session);
