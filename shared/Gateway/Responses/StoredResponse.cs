using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses;

/// <summary>A stored response with what is needed to continue it.</summary>
/// <param name="Session">The session its turn belongs to.</param>
/// <param name="Chain">The ranges of its conversation, oldest first: those of all ancestors and its own.</param>
/// <param name="Own">Its own range: input, then output.</param>
/// <param name="InputCount">How many items of its own range are input.</param>
/// <param name="RunId">The run that made it; null for those of the first version.</param>
public sealed record StoredResponse(
    Response Response, SessionKey Session, string? User, IReadOnlyList<TurnRange> Chain, TurnRange Own, int InputCount, string? RunId)
{
    public bool HasEnded => Response.Status is not (ResponseItems.Queued or ResponseItems.InProgress);
}
