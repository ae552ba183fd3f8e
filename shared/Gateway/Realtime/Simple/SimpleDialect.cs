using System.Text;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
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

    private static readonly string[] EventKinds = ["message", "status"];

    /// <summary>Whether a first message is of this dialect.</summary>
    public static bool Speaks(JsonElement message) => RequestFrame.Text(message, "type") is { } type && Types.Contains(type);

    /// <summary>Answers come to the client that asked; there are no other events in this dialect.</summary>
    public bool TakesEvents => false;

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
                await CountAsync();
                Subscribe(json);
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
        if (connection.Admission is null && !await TryAdmitAsync(RequestFrame.Text(message, "token") ?? RequestFrame.Text(message, "password")))
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
            connection.Admit(new Admission(caller, "token") { DeviceId = caller.Device }, new ClientInfo("simple", "backend", "1", "unknown"));
            return true;
        }
        catch (GatewayException failure) when (failure.Error.Status == 401)
        {
            return false;
        }
    }

    /// <summary>Answers come to the client that asked in any case; there are no other events in this dialect.</summary>
    private void Subscribe(JsonElement message)
    {
        var asked = message.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array
            ? events.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!).ToList() : [];
        if (asked.Find(name => !EventKinds.Contains(name)) is { } unknown)
        {
            Send(new Failure("INVALID_MESSAGE", $"There is no event '{unknown}'; 'events' may name {string.Join(" and ", EventKinds)}."));
            return;
        }

        Send(new Subscribed(asked));
    }

    private async Task AnswerAsync(JsonElement message)
    {
        var sessionId = RequestFrame.Text(message, "sessionId") is { Length: > 0 } given ? given : RandomId.Create("");
        try
        {
            if (message.TryGetProperty("sessionId", out var named) && named.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                throw new GatewayException(GatewayError.InvalidType("sessionId", "a string"));
            }

            var caller = await connection.CheckAsync();
            await plane.CountAsync(caller, connection.Closing);
            caller.Require(Scope.OperatorWrite);
            _ = SessionKey.Explicit(caller, "", sessionId, "sessionId"); // what is reserved there is reserved here
            await AnswerAsync(caller, RequestFrame.Text(message, "content") ?? "", sessionId);
        }
        catch (GatewayException failure)
        {
            Send(Describe(failure.Error, sessionId));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            plane.LogFailed(failure, "message");
            Send(Describe(GatewayError.Internal(), sessionId));
        }
    }

    private async Task AnswerAsync(Caller caller, string content, string sessionId)
    {
        var name = sessionId.StartsWith("agent:", StringComparison.Ordinal) ? sessionId : "api:" + sessionId; // as /api/chat names them
        var started = await plane.Chat.StartAsync(
            caller, new ChatInput(name, null, content, Guid.NewGuid().ToString("D")), connection.Closing);
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
