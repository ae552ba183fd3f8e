using System.Text;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Gateway.Realtime.Simple;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.SignalR;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>The simple dialect of clients that SignalR Service holds. A call carries one message and completes without a result; what comes
/// back is sent to the connection, as on the self-host's hub.</summary>
internal sealed class ServiceSimple(
    ControlPlane plane, RealtimeRights rights, ServiceCalls calls, SendLanes lanes, GroupPresence presence, Shutdown shutdown)
{
    /// <summary>The hub method that takes messages.</summary>
    public const string Method = "simple";

    /// <summary>What a client of this dialect says about itself: nothing.</summary>
    private static readonly ClientInfo Unknown = new("simple", "backend", "1", "unknown");

    public async Task TakeAsync(SignalRClient service, ServiceClient client, JsonElement argument, CancellationToken cancellationToken)
    {
        var answer = new ServiceAnswer(service, client.ConnectionId, lanes, shutdown.Deadline);
        try
        {
            if (await rights.FindAsync(client.Ticket.Grant, cancellationToken) is not { } caller)
            {
                answer.Send(new Failure("UNAUTHORIZED", "The credential that this connection was negotiated with has ended."));
                calls.CloseLater(service, client.ConnectionId, "unauthorized");
                return;
            }

            var admitted = client.Admitted ?? new AdmittedClient(caller.Scopes, Unknown with
            {
                RemoteAddress = client.Ticket.RemoteAddress,
                Since = plane.Time.GetUtcNow(),
            });
            if (client.Admitted is null && !await calls.AdmitAsync(service, client, caller, admitted, cancellationToken))
            {
                return; // it left meanwhile
            }

            await TakeAsync(
                service, client with { Admitted = admitted }, caller with { Scopes = admitted.Scopes.Within(caller.Scopes) },
                Read(argument),
                answer, cancellationToken);
        }
        catch (GatewayException failure)
        {
            answer.Send(Failure.Of(failure.Error, null));
        }
    }

    private async Task TakeAsync(
        SignalRClient service, ServiceClient client, Caller caller, JsonElement message, ServiceAnswer answer,
        CancellationToken cancellationToken)
    {
        switch (SimpleRequest.TypeOf(message))
        {
            case SimpleRequest.Auth:
                answer.Send(new AuthOk(caller.IsOperator ? "admin" : caller.Subject));
                break;
            case SimpleRequest.Ping:
                answer.Send(new Pong());
                break;
            case SimpleRequest.Subscribe:
                await SubscribeAsync(service, client, caller, message, answer, cancellationToken);
                break;
            case SimpleRequest.Message:
                var sessionId = SimpleRequest.SessionIdOf(message) ?? RandomId.Create("");
                _ = SimpleAnswers.AnswerAsync(
                    plane, () => ValueTask.FromResult(caller), RequestFrame.Text(message, "content") ?? "", sessionId,
                    Guid.NewGuid().ToString("D"), answer.Send, shutdown.Deadline);
                break;
            default:
                answer.Send(SimpleRequest.UnknownType());
                break;
        }
    }

    /// <summary>Events of one session; each event costs a message, so there is no subscription to all.</summary>
    private async Task SubscribeAsync(
        SignalRClient service, ServiceClient client, Caller caller, JsonElement message, ServiceAnswer answer,
        CancellationToken cancellationToken)
    {
        var asked = SimpleRequest.EventsOf(message);
        await plane.CountAsync(caller, cancellationToken);
        caller.Require(Scope.OperatorRead);
        var sessionId = SimpleRequest.SessionIdOf(message) ?? throw new GatewayException(GatewayError.MissingField("sessionId"));
        var (session, _) = await plane.Names.FindAsync(caller, SimpleEvents.NameOf(sessionId), null, cancellationToken);
        var subscriptions = new ServiceSubscriptions(client, caller, service, presence);
        await Task.WhenAll(SimpleEvents.Kinds.Select(kind =>
            subscriptions.SetSimpleAsync(session, kind, asked.Contains(kind), cancellationToken)));
        answer.Send(new Subscribed(asked) { SessionId = sessionId });
    }

    /// <summary>The message, as an object or as its text; undefined when it is no JSON.</summary>
    private static JsonElement Read(JsonElement argument) => argument.ValueKind == JsonValueKind.String
        ? IncomingMessage.ReadText(Encoding.UTF8.GetBytes(argument.GetString()!)) : argument;
}

/// <summary>Sends messages to one connection, in order. Each call of the service costs money and time, so pieces of an answer that wait are
/// joined.</summary>
internal sealed class ServiceAnswer(SignalRClient service, string connectionId, SendLanes lanes, CancellationToken deadline)
{
    /// <summary>Characters of a piece: each may have six bytes in JSON.</summary>
    private const int MaxPiece = 40_000;

    private readonly StringBuilder _waiting = new();

    public void Send(SimpleMessage message)
    {
        if (message is Chunk chunk)
        {
            lock (_waiting)
            {
                _waiting.Append(chunk.Content);
            }

            lanes.Add(connectionId, () => SendWaitingAsync(chunk.SessionId));
        }
        else
        {
            lanes.Add(connectionId, () => SendAsync(Fitting(message)));
        }
    }

    /// <summary>Sends all that waits, in pieces; nothing when an earlier call has sent it.</summary>
    private async Task SendWaitingAsync(string sessionId)
    {
        while (Take() is { Length: > 0 } text)
        {
            await SendAsync(new Chunk(text, sessionId));
        }
    }

    private Task SendAsync(SimpleMessage message) => service.SendAsync(
        SignalRTarget.Connection(connectionId), ServiceCalls.ClientMethod, FrameWriter.Json(message, SimpleJson.Default.SimpleMessage),
        deadline);

    private string Take()
    {
        lock (_waiting)
        {
            var length = Math.Min(_waiting.Length, MaxPiece);
            length -= length > 0 && length < _waiting.Length && char.IsHighSurrogate(_waiting[length - 1]) ? 1 : 0;
            var text = _waiting.ToString(0, length);
            _waiting.Remove(0, length);
            return text;
        }
    }

    /// <summary>An answer that is too large was told in its pieces; it comes without its text.</summary>
    private static SimpleMessage Fitting(SimpleMessage message) =>
        message is WholeMessage { Content.Length: > MaxPiece } whole ? whole with { Content = "", Truncated = true } : message;
}
