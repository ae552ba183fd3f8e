using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>The dialect of the original: requests, responses and events, after <c>connect</c>.</summary>
internal sealed class RpcDialect(ControlPlane plane, ConnectPeer peer, ControlConnection connection) : IDialect
{
    public void Offer(ControlEvent controlEvent, Caller caller) => connection.SendEvent(controlEvent, caller);

    public Task<bool> ReceiveAsync(IncomingMessage message) =>
        connection.Admission is null ? ConnectAsync(message) : TakeRequestAsync(message);

    private async Task<bool> ConnectAsync(IncomingMessage message)
    {
        if (!message.IsJson)
        {
            connection.Close(CloseCode.Normal, "");
            return false;
        }

        if (message.IsForbidden || RequestFrame.Read(message.Json) is not { } frame)
        {
            connection.Close(CloseCode.Policy, "invalid request frame");
            return false;
        }

        try
        {
            await ConnectAsync(message, frame);
        }
        catch (RpcException refused)
        {
            message.Respond(FrameWriter.Failure(frame.Id, refused.Error));
            connection.Close(refused.Close ?? CloseCode.Policy, refused.CloseReason ?? refused.Error.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            plane.LogFailed(failure, "connect");
            message.Respond(FrameWriter.Failure(frame.Id, ControlPlane.Internal()));
            connection.Close(CloseCode.Policy, "connect failed");
        }

        return true;
    }

    private async Task ConnectAsync(IncomingMessage message, RequestFrame frame)
    {
        if (frame.Method != "connect")
        {
            throw new RpcException(new RpcError(RpcError.InvalidRequest, "first request must be connect"))
            {
                Close = CloseCode.Policy,
                CloseReason = "first request must be connect",
            };
        }

        var asked = ParamsCheck.Read("connect", frame.Params, ConnectJson.Default.ConnectParams);
        var admission = await plane.Handshake.AdmitAsync(asked, peer, connection.Closing);
        try
        {
            connection.TakePlace(admission.Caller);
        }
        catch (GatewayException failure)
        {
            throw new RpcException(RpcError.Of(failure.Error)) { Close = CloseCode.TryAgainLater, CloseReason = "too many connections" };
        }

        var info = ClientInfo.Of(asked, admission.DeviceId);
        var hello = await plane.HelloAsync(admission, connection.ConnectionId, connection.Closing);
        message.Respond(FrameWriter.Response(frame.Id, hello, ConnectJson.Default.HelloOk));
        connection.Admit(admission, info); // events follow the hello
    }

    private async Task<bool> TakeRequestAsync(IncomingMessage message)
    {
        if (!message.IsJson)
        {
            return false; // ignored, as the original does
        }

        if (message.IsForbidden || RequestFrame.Read(message.Json) is not { } frame)
        {
            message.Respond(FrameWriter.Failure(
                IdOf(message), new RpcError(RpcError.InvalidRequest, message.IsForbidden
                    ? "invalid request frame: it contains a NUL character or an unpaired surrogate" : "invalid request frame")));
            return true;
        }

        await connection.StartAsync(message, () => AnswerAsync(frame, message.Respond));
        return true;
    }

    private async Task AnswerAsync(RequestFrame frame, Action<byte[]> respond)
    {
        try
        {
            await plane.AnswerAsync(connection, await connection.CheckAsync(), frame, respond, respond, connection.Closing);
        }
        catch (GatewayException failure) when (failure.Error.Status is 401 or 403)
        {
            respond(FrameWriter.Failure(frame.Id, ConnectErrors.CredentialEnded()));
            connection.EndUnauthorized();
        }
        catch (GatewayException failure)
        {
            respond(FrameWriter.Failure(frame.Id, RpcError.Of(failure.Error)));
        }
    }

    /// <summary>The id under which a client may look for the answer to a message that is no request.</summary>
    private static string IdOf(IncomingMessage message)
    {
        try
        {
            return RequestFrame.Text(message.Json, "id") is { Length: > 0 and <= RequestFrame.MaxId } given ? given : "invalid";
        }
        catch (InvalidOperationException)
        {
            return "invalid"; // the id itself holds half of a surrogate pair
        }
    }
}
