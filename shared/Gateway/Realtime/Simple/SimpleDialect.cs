using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Methods.Chat;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Realtime.Simple;

/// <summary>The second dialect of a connection: <c>auth</c>, <c>message</c>, <c>ping</c> and <c>subscribe</c> in; <c>auth_ok</c>,
/// <c>chunk</c>, <c>message</c>, <c>done</c>, <c>pong</c> and <c>error</c> out. A message begins the same durable run as
/// <c>chat.send</c>.</summary>
internal sealed class SimpleDialect(ControlPlane plane, ConnectPeer peer, ControlConnection connection) : IDialect
{
    private static readonly string[] Types = ["auth", "message", "ping", "subscribe"];

    /// <summary>Own runs that are remembered, so that their events do not repeat the answer.</summary>
    private const int MaxOwnRuns = 256;

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _wanted = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _ownRuns = new();
    private volatile IReadOnlyList<string> _wantedOfAll = [];

    /// <summary>Whether a first message is of this dialect.</summary>
    public static bool Speaks(JsonElement message) => RequestFrame.Text(message, "type") is { } type && Types.Contains(type);

    /// <returns>False: messages of this dialect are no responses.</returns>
    public async Task<bool> ReceiveAsync(IncomingMessage message)
    {
        try
        {
            await TakeAsync(message);
        }
        catch (GatewayException failure)
        {
            Send(Describe(failure.Error, null));
            if (failure.Error.Code == ErrorCode.TooManyConnections)
            {
                connection.Close(CloseCode.TryAgainLater, "too many connections");
            }
        }

        return false;
    }

    private async Task TakeAsync(IncomingMessage message)
    {
        var json = message.IsForbidden ? default : message.Json;
        var type = RequestFrame.Text(json, "type");
        if (connection.Admission is null && type != "auth" && !await TryAdmitAsync(null))
        {
            Send(new Failure("UNAUTHORIZED", "Send {\"type\":\"auth\",\"token\":\"…\"} first."));
            if (peer.Credential is not null)
            {
                connection.Close(CloseCode.Policy, "unauthorized");
            }

            return;
        }

        switch (type)
        {
            case "auth":
                await AuthAsync(json);
                break;
            case "ping":
                await CountAsync();
                Send(new Pong());
                break;
            case "subscribe":
                await SubscribeAsync(json);
                break;
            case "message":
                await connection.StartAsync(message, () => AnswerAsync(json));
                break;
            default:
                await CountAsync();
                Send(new Failure("INVALID_MESSAGE", message.IsForbidden
                    ? "The message contains a NUL character or an unpaired surrogate."
                    : $"Send JSON whose 'type' is one of {string.Join(", ", Types)}."));
                break;
        }
    }

    private ValueTask CountAsync() => plane.CountAsync(connection.Admission!.Caller, connection.Closing);

    private async Task AuthAsync(JsonElement message)
    {
        if (connection.Admission is null
            && !await TryAdmitAsync(RequestFrame.Text(message, "token") ?? RequestFrame.Text(message, "password")))
        {
            Send(new Failure("UNAUTHORIZED", "The token is missing or wrong."));
            connection.Close(CloseCode.Policy, "unauthorized");
            return;
        }

        var caller = connection.Admission!.Caller;
        Send(new AuthOk(caller.IsOperator ? "admin" : caller.Subject));
    }

    /// <summary>Lets the client in by a credential, or by what came with the upgrade.</summary>
    private async Task<bool> TryAdmitAsync(string? credential)
    {
        var shown = string.IsNullOrEmpty(credential) ? peer.Credential : credential;
        if ((shown is null && peer.Mode is AuthMode.Token or AuthMode.Password or AuthMode.Unconfigured)
            || (peer.Origin is not null && !peer.IsOriginAllowed))
        {
            return false;
        }

        try
        {
            var caller = await peer.AuthenticateAsync(shown, connection.Closing);
            connection.TakePlace(caller);
            connection.Admit(
                new Admission(caller, "token") { DeviceId = caller.Device }, new ClientInfo("simple", "backend", "1", "unknown"));
            return true;
        }
        catch (GatewayException failure) when (failure.Error.Status == 401)
        {
            return false;
        }
    }

    /// <summary>Sends what a subscribed client gets of an event. Its own runs it sees as answers.</summary>
    public void Offer(ControlEvent controlEvent, Caller caller)
    {
        if (controlEvent.Session is not { } session)
        {
            return;
        }

        var wanted = _wanted.GetValueOrDefault(session.Partition) ?? _wantedOfAll;
        if (wanted.Count == 0
            || SimpleEvents.Of(controlEvent, caller, SimpleEvents.IdOf(caller, session, plane.DefaultAgent)) is not { } message)
        {
            return;
        }

        var (kind, run) = message is RunStatus status ? (SimpleEvents.Status, status.RunId)
            : (SimpleEvents.Message, ((WholeMessage)message).RunId);
        if (wanted.Contains(kind) && !(run is not null && _ownRuns.Contains(run)))
        {
            Send(message);
        }
    }

    /// <summary>Events of the session that the message names, else of all sessions that the caller sees. No events end it.</summary>
    private async Task SubscribeAsync(JsonElement message)
    {
        var asked = message.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array
            ? events.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!).Distinct().ToList() : [];
        if (asked.Find(name => !SimpleEvents.Kinds.Contains(name)) is { } unknown)
        {
            Send(new Failure(
                "INVALID_MESSAGE", $"There is no event '{unknown}'; 'events' may name {string.Join(" and ", SimpleEvents.Kinds)}."));
            return;
        }

        var caller = await connection.CheckAsync();
        await plane.CountAsync(caller, connection.Closing);
        caller.Require(Scope.OperatorRead);
        var sessionId = SessionIdOf(message);
        if (sessionId is null)
        {
            _wantedOfAll = asked;
        }
        else
        {
            var (session, _) = await plane.Names.FindAsync(caller, SimpleEvents.NameOf(sessionId), null, connection.Closing);
            if (_wanted.Count >= ControlPolicy.MaxSubscriptions && !_wanted.ContainsKey(session.Partition))
            {
                Send(new Failure(
                    "TOO_MANY_SUBSCRIPTIONS", $"A connection may subscribe to {ControlPolicy.MaxSubscriptions} sessions at most."));
                return;
            }

            _wanted[session.Partition] = asked;
            plane.Watch.Set(connection.ConnectionId, session, asked.Count > 0);
        }

        Send(new Subscribed(asked) { SessionId = sessionId });
    }

    /// <summary>Null when the message names none.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_type</c>.</exception>
    private static string? SessionIdOf(JsonElement message)
    {
        if (message.TryGetProperty("sessionId", out var named) && named.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            throw new GatewayException(GatewayError.InvalidType("sessionId", "a string"));
        }

        return RequestFrame.Text(message, "sessionId") is { Length: > 0 } given ? given : null;
    }

    private async Task AnswerAsync(JsonElement message)
    {
        var sessionId = "";
        try
        {
            sessionId = SessionIdOf(message) ?? RandomId.Create("");
            var caller = await connection.CheckAsync();
            await plane.CountAsync(caller, connection.Closing);
            caller.Require(Scope.OperatorWrite);
            _ = SessionKey.Explicit(caller, "", sessionId, "sessionId"); // what is reserved there is reserved here
            await AnswerAsync(caller, RequestFrame.Text(message, "content") ?? "", sessionId);
        }
        catch (GatewayException failure)
        {
            Send(Describe(failure.Error, sessionId.Length > 0 ? sessionId : null));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            plane.LogFailed(failure, "message");
            Send(Describe(GatewayError.Internal(), sessionId));
        }
    }

    private async Task AnswerAsync(Caller caller, string content, string sessionId)
    {
        var key = Guid.NewGuid().ToString("D");
        _ownRuns.Enqueue(key);
        while (_ownRuns.Count > MaxOwnRuns && _ownRuns.TryDequeue(out _))
        {
        }

        var started = await plane.Chat.StartAsync(
            caller, new ChatInput(SimpleEvents.NameOf(sessionId), null, content, key), connection.Closing);
        var text = new StringBuilder();
        await foreach (var runEvent in plane.Follower.FollowAsync(started.Partition, started.RunId, connection.Closing))
        {
            switch (runEvent)
            {
                case RunResumed:
                    text.Clear();
                    break;
                case TextDelta delta:
                    text.Append(delta.Text);
                    Send(new Chunk(delta.Text, sessionId));
                    break;
                case RefusalTextDelta delta:
                    text.Append(delta.Text);
                    Send(new Chunk(delta.Text, sessionId));
                    break;
                case RunEnded { Failure: { } failure }:
                    throw new GatewayException(failure);
                case RunEnded end:
                    Send(new WholeMessage(text.ToString(), sessionId));
                    Send(new Done(
                        sessionId, new SimpleUsage(end.Usage.InputTokens, end.Usage.OutputTokens, end.Usage.TotalTokens)));
                    break;
            }
        }
    }

    private static Failure Describe(GatewayError error, string? sessionId) => new(
        error.Code switch
        {
            ErrorCode.InvalidSessionKey or ErrorCode.SessionNotFound => "INVALID_SESSION",
            ErrorCode.MissingRequiredParameter or ErrorCode.InvalidType or ErrorCode.InvalidValue => "INVALID_MESSAGE",
            _ => ErrorCodes.Of(error),
        },
        error.Message)
    {
        SessionId = sessionId,
        RetryAfter = error.RetryAfter is { } after ? Math.Max(1, (long)Math.Ceiling(after.TotalSeconds)) : null,
    };

    private void Send(SimpleMessage message) => connection.Send(FrameWriter.Json(message, SimpleJson.Default.SimpleMessage));
}
