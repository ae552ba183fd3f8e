using System.Text.Json;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Simple;

/// <summary>Events in the words of the simple dialect.</summary>
internal static class SimpleEvents
{
    public const string Message = "message";

    public const string Status = "status";

    /// <summary>What free names of sessions get on this surface, as on <c>/api/chat</c>.</summary>
    private const string NamePrefix = "api:";

    public static IReadOnlyList<string> Kinds { get; } = [Message, Status];

    /// <summary>The name of a session on the control plane.</summary>
    public static string NameOf(string sessionId) =>
        sessionId.StartsWith("agent:", StringComparison.Ordinal) ? sessionId : NamePrefix + sessionId;

    /// <summary>The id under which a client of this dialect would name a session.</summary>
    /// <param name="defaultAgent">The agent whose sessions need no agent in their name.</param>
    public static string IdOf(Caller reader, SessionKey session, string defaultAgent)
    {
        var start = $"agent:{defaultAgent}:{NamePrefix}";
        var name = SessionNames.NameFor(reader, session);
        return name.StartsWith(start, StringComparison.Ordinal) ? name[start.Length..] : name;
    }

    /// <summary>What an event may become in this dialect; null for nothing.</summary>
    public static string? KindOf(ControlEvent controlEvent) => controlEvent.Name switch
    {
        EventNames.SessionMessage => Message,
        EventNames.Agent when controlEvent.Slim is null => Status, // deltas are no changes of a run's status
        _ => null,
    };

    /// <summary>What a reader gets of an event, and the run that it belongs to; null for nothing.</summary>
    public static SimpleMessage? Of(ControlEvent controlEvent, Caller reader, string sessionId) => controlEvent.Name switch
    {
        EventNames.SessionMessage => OfMessage(
            JsonSerializer.Deserialize(controlEvent.PayloadFor(reader), EventsJson.Default.SessionMessagePayload)!, sessionId),
        EventNames.Agent => OfRun(
            JsonSerializer.Deserialize(controlEvent.PayloadFor(reader), EventsJson.Default.AgentEventPayload)!, sessionId),
        _ => null,
    };

    private static WholeMessage? OfMessage(SessionMessagePayload payload, string sessionId)
    {
        var message = payload.Message;
        var text = string.Join("\n", message.Content.Where(part => part.Type == "text").Select(part => part.Text));
        return message.Role is not ("user" or "assistant") || text.Length == 0 ? null
            : new WholeMessage(text, sessionId) { Role = message.Role, RunId = message.Mark?.RunId };
    }

    private static RunStatus? OfRun(AgentEventPayload payload, string sessionId) =>
        payload is { Stream: "lifecycle", Data.Phase: { } phase }
        ? new RunStatus(
            phase switch
            {
                "start" => "running",
                "error" => "failed",
                _ => payload.Data.Aborted == true ? "cancelled" : "completed",
            },
            sessionId, payload.RunId)
        : null;
}
