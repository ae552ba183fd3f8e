using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Answers the frames of clients that SignalR Service holds. A call carries one frame; its completion is the response frame. What
/// comes later, such as the second answer of <c>agent</c>, goes to the connection like an event.</summary>
internal sealed partial class ServiceCalls(
    ControlPlane plane, RealtimeRights rights, ConnectionStore connections, GroupPresence presence, LargeAnswers large, Shutdown shutdown,
    ILogger<ServiceCalls> logger)
{
    /// <summary>The hub method that takes frames, and the one of clients that gets them.</summary>
    public const string Method = "rpc";

    public const string ClientMethod = "frame";

    /// <summary>How long a client that is turned away has to read why.</summary>
    private static readonly TimeSpan CloseDelay = TimeSpan.FromSeconds(1);

    /// <summary>A client has connected: sends it the challenge.</summary>
    public Task WelcomeAsync(SignalRClient service, ServiceClient client, CancellationToken cancellationToken) => service.SendAsync(
        SignalRTarget.Connection(client.ConnectionId), ClientMethod, Challenge(client.Ticket, plane.Time), cancellationToken);

    public static byte[] Challenge(RealtimeTicket ticket, TimeProvider time) => FrameWriter.Event(
        "connect.challenge",
        FrameWriter.Json(
            new ConnectChallenge(ticket.Nonce, time.GetUtcNow().ToUnixTimeMilliseconds()), ConnectJson.Default.ConnectChallenge),
        seq: null);

    /// <param name="argument">The frame, as an object or as its text.</param>
    /// <returns>The response frame.</returns>
    public async Task<byte[]> AnswerAsync(
        SignalRClient service, ServiceClient client, JsonElement argument, CancellationToken cancellationToken)
    {
        if (Read(argument) is not { } frame)
        {
            return FrameWriter.Failure("invalid", new RpcError(RpcError.InvalidRequest, "invalid request frame"));
        }

        var caller = await rights.FindAsync(client.Ticket.Grant, cancellationToken);
        if (caller is null)
        {
            CloseLater(service, client.ConnectionId, "unauthorized");
            return FrameWriter.Failure(frame.Id, ConnectErrors.CredentialEnded());
        }

        if (client.Admitted is not { } admitted)
        {
            return await ConnectAsync(service, client, caller, frame, cancellationToken);
        }

        caller = caller with { Scopes = admitted.Scopes.Within(caller.Scopes) };
        var answer = await InvokeAsync(service, client, caller, frame, cancellationToken);
        return await large.FitAsync(caller, frame.Id, answer, cancellationToken);
    }

    /// <summary>Lets a client in: it is found when its credential ends, and its later calls need no <c>connect</c>.</summary>
    /// <returns>False when it left meanwhile.</returns>
    public async Task<bool> AdmitAsync(
        SignalRClient service, ServiceClient client, Caller caller, AdmittedClient admitted, CancellationToken cancellationToken)
    {
        await JoinAsync(service, client, caller, admitted, cancellationToken);
        return await connections.AdmitAsync(client, admitted, cancellationToken) is not null;
    }

    /// <summary>Ends a connection once its last answer has had time to arrive.</summary>
    public void CloseLater(SignalRClient service, string connectionId, string reason) => _ = CloseAsync(service, connectionId, reason);

    private async Task<byte[]> ConnectAsync(
        SignalRClient service, ServiceClient client, Caller caller, RequestFrame frame, CancellationToken cancellationToken)
    {
        try
        {
            if (frame.Method != "connect")
            {
                throw new RpcException(new RpcError(RpcError.InvalidRequest, "first request must be connect")) { Close = CloseCode.Policy };
            }

            var asked = ParamsCheck.Read("connect", frame.Params, ConnectJson.Default.ConnectParams);
            var peer = TicketPeer.Of(client.Ticket, caller, rights.Mode, client.ConnectionId);
            var admission = await plane.Handshake.AdmitAsync(
                caller.Device is null ? asked : asked with { Device = null }, peer, cancellationToken);
            var deviceId = admission.DeviceId ?? caller.Device;
            var admitted = new AdmittedClient(admission.Caller.Scopes, ClientInfo.Of(asked, deviceId) with
            {
                RemoteAddress = client.Ticket.RemoteAddress,
                Since = plane.Time.GetUtcNow(),
            });
            if (!await AdmitAsync(service, client, caller, admitted, cancellationToken))
            {
                throw new RpcException(new RpcError(RpcError.Unavailable, "the connection is closing") { Retryable = true });
            }

            var hello = await plane.HelloAsync(admission, client.ConnectionId, cancellationToken);
            return FrameWriter.Response(
                frame.Id,
                hello with
                {
                    Policy = ServiceLimits.Policy,
                    Features = hello.Features with { Events = [.. hello.Features.Events.Where(ServiceLimits.HasEvent)] },
                },
                ConnectJson.Default.HelloOk);
        }
        catch (RpcException refused)
        {
            CloseLater(service, client.ConnectionId, refused.CloseReason ?? "connect failed");
            return FrameWriter.Failure(frame.Id, refused.Error);
        }
    }

    /// <summary>The groups through which the client gets events of its scopes, and is found when its credential ends.</summary>
    private async Task JoinAsync(
        SignalRClient service, ServiceClient client, Caller caller, AdmittedClient admitted, CancellationToken cancellationToken)
    {
        List<string> groups = [.. EventGroups.OfScopes(admitted.Scopes)];
        if ((caller.Device ?? admitted.Info.DeviceId) is { } device)
        {
            groups.Add(EventGroups.Device(device));
        }

        if (caller.Key is { } key)
        {
            groups.Add(EventGroups.Key(key.Id));
        }

        await Task.WhenAll(groups.Select(group => service.AddToGroupAsync(client.ConnectionId, group, cancellationToken)));
        groups.ForEach(presence.Joined);
    }

    private async Task<byte[]> InvokeAsync(
        SignalRClient service, ServiceClient client, Caller caller, RequestFrame frame, CancellationToken cancellationToken)
    {
        var subscriptions = new ServiceSubscriptions(client, caller, service, presence);
        var first = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = CancellationTokenSource.CreateLinkedTokenSource(shutdown.Deadline);
        var answering = RunAsync();
        using var limit = new CancellationTokenSource(ServiceLimits.AnswerTime, plane.Time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await first.Task.WaitAsync(waiting.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await end.CancelAsync();
            return FrameWriter.Failure(
                frame.Id, new RpcError(RpcError.Unavailable, "this takes longer than a request over SignalR may; ask again")
                {
                    Retryable = true,
                });
        }

        async Task RunAsync()
        {
            using (end)
            {
                await plane.AnswerAsync(subscriptions, caller, frame, Offer, Offer, end.Token);
            }
        }

        // The first frame completes the invocation; a later one is sent.
        void Offer(byte[] answer)
        {
            if (!first.TrySetResult(answer))
            {
                _ = SendAsync(service, client.ConnectionId, caller, frame.Id, answer);
            }
        }
    }

    private async Task SendAsync(SignalRClient service, string connectionId, Caller caller, string id, byte[] answer)
    {
        try
        {
            var sent = await large.FitAsync(caller, id, answer, shutdown.Deadline);
            await service.SendAsync(SignalRTarget.Connection(connectionId), ClientMethod, sent, shutdown.Deadline);
        }
        catch (Exception failure) when (failure is GatewayException or OperationCanceledException)
        {
            LogNotSent(failure.Message);
        }
    }

    private async Task CloseAsync(SignalRClient service, string connectionId, string reason)
    {
        try
        {
            await Task.Delay(CloseDelay, plane.Time, shutdown.Deadline);
            await service.CloseAsync(SignalRTarget.Connection(connectionId), reason, shutdown.Deadline);
        }
        catch (Exception failure) when (failure is GatewayException or OperationCanceledException)
        {
            LogNotSent(failure.Message);
        }
    }

    /// <summary>Adapters that stand for a WebSocket have the frame as text.</summary>
    private static RequestFrame? Read(JsonElement argument)
    {
        if (argument.ValueKind != JsonValueKind.String)
        {
            return RequestFrame.Read(argument);
        }

        return RequestFrame.Read(IncomingMessage.ReadText(Encoding.UTF8.GetBytes(argument.GetString()!)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A client of SignalR Service did not get a message: {Reason}")]
    private partial void LogNotSent(string reason);
}
