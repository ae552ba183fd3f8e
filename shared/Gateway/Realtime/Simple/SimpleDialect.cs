using System.Collections.Concurrent;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Realtime.Simple;

/// <summary>The second dialect of a connection: <c>auth</c>, <c>message</c>, <c>ping</c> and <c>subscribe</c> in; <c>auth_ok</c>,
/// <c>chunk</c>, <c>message</c>, <c>done</c>, <c>pong</c> and <c>error</c> out. A message begins the same durable run as
/// <c>chat.send</c>.</summary>
internal sealed class SimpleDialect(ControlPlane plane, ConnectPeer peer, ControlConnection connection) : IDialect
{
    /// <summary>Own runs that are remembered, so that their events do not repeat the answer.</summary>
    private const int MaxOwnRuns = 256;

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _wanted = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _ownRuns = new();
    private volatile IReadOnlyList<string> _wantedOfAll = [];

    /// <summary>Whether a first message is of this dialect.</summary>
    public static bool Speaks(JsonElement message) => SimpleRequest.TypeOf(message) is not null;

    /// <returns>False: messages of this dialect are no responses.</returns>
    public async Task<bool> ReceiveAsync(IncomingMessage message)
    {
        try
        {
            await TakeAsync(message);
        }
        catch (GatewayException failure)
        {
            Send(Failure.Of(failure.Error, null));
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
        var type = SimpleRequest.TypeOf(json);
        if (connection.Admission is null && type != SimpleRequest.Auth && !await TryAdmitAsync(null))
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
            case SimpleRequest.Auth:
                await AuthAsync(json);
                break;
            case SimpleRequest.Ping:
                await CountAsync();
                Send(new Pong());
                break;
            case SimpleRequest.Subscribe:
                await SubscribeAsync(json);
                break;
            case SimpleRequest.Message:
                await connection.StartAsync(message, () => AnswerAsync(json));
                break;
            default:
                await CountAsync();
                Send(message.IsForbidden
                    ? new Failure("INVALID_MESSAGE", "The message contains a NUL character or an unpaired surrogate.")
                    : SimpleRequest.UnknownType());
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
        var asked = SimpleRequest.EventsOf(message);
        var caller = await connection.CheckAsync();
        await plane.CountAsync(caller, connection.Closing);
        caller.Require(Scope.OperatorRead);
        var sessionId = SimpleRequest.SessionIdOf(message);
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

    private async Task AnswerAsync(JsonElement message)
    {
        string? sessionId;
        try
        {
            sessionId = SimpleRequest.SessionIdOf(message) ?? RandomId.Create("");
        }
        catch (GatewayException failure)
        {
            Send(Failure.Of(failure.Error, null));
            return;
        }

        var key = Guid.NewGuid().ToString("D");
        _ownRuns.Enqueue(key);
        while (_ownRuns.Count > MaxOwnRuns && _ownRuns.TryDequeue(out _))
        {
        }

        await SimpleAnswers.AnswerAsync(
            plane, connection.CheckAsync, RequestFrame.Text(message, "content") ?? "", sessionId, key, Send, connection.Closing);
    }

    private void Send(SimpleMessage message) => connection.Send(FrameWriter.Json(message, SimpleJson.Default.SimpleMessage));
}
