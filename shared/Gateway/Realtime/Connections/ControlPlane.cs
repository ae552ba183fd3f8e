using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Methods;
using OpenClaw.Gateway.Realtime.Methods.Chat;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Runs.Live;
using OpenClaw.Security;
using OpenClaw.Security.Limits;
using OpenClaw.Security.Rights;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>What all connections share, whatever carries them.</summary>
internal sealed partial class ControlPlane(
    ConnectHandshake handshake, MethodTable methods, ConnectionHub hub, SessionWatch watch, SessionNames names, ChatRuns chat,
    RunFollower follower, EventAudience audience, AgentCatalog agents, PresenceView presence, CallerRights rights, RateLimiter limiter,
    ConnectionLimits limits, TimeProvider time, ILogger<ControlPlane> logger)
{
    private readonly long _started = time.GetTimestamp();

    public ConnectHandshake Handshake => handshake;

    public ConnectionHub Hub => hub;

    public SessionWatch Watch => watch;

    public SessionNames Names => names;

    /// <summary>The agent of sessions that are named without one.</summary>
    public string DefaultAgent => agents.Default.Id;

    /// <summary>For the dialect that knows chat only.</summary>
    public ChatRuns Chat => chat;

    public RunFollower Follower => follower;

    public EventAudience Audience => audience;

    public ConnectionLimits Limits => limits;

    public TimeProvider Time => time;

    /// <summary>What callers may do at the moment of use.</summary>
    public CallerRights Rights => rights;

    public async ValueTask<HelloOk> HelloAsync(Admission admission, string connectionId, CancellationToken cancellationToken)
    {
        var main = SessionNames.MainOf(admission.Caller, agents.Default);
        return new HelloOk(
            new HelloServer(ConnectionHub.Version, connectionId),
            new HelloFeatures(methods.Names, EventNames.All),
            new HelloSnapshot(
                await presence.ListAsync(admission.Caller, cancellationToken),
                new HelloHealth(true, time.GetUtcNow().ToUnixTimeMilliseconds()),
                new StateVersion(hub.Presence.Version, 0), (long)time.GetElapsedTime(_started).TotalMilliseconds,
                new SessionDefaultsInfo(
                    agents.Default.Id, SessionNames.Main, SessionNames.NameFor(admission.Caller, main), "per-sender")),
            new HelloAuth(Device.OperatorRole, Scopes.ListNames(admission.Caller.Scopes), admission.Method)
            {
                DeviceToken = admission.DeviceToken,
                IssuedAtMs = admission.IssuedAt?.ToUnixTimeMilliseconds(),
            })
        {
            Policy = new HelloPolicy { MaxBufferedBytes = limits.MaxBuffered },
        };
    }

    /// <summary>Counts one request of a connection for the caller's rate limit.</summary>
    /// <exception cref="GatewayException"><c>429 rate_limited</c>.</exception>
    public async ValueTask CountAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (await limiter.TakeAsync(caller, cancellationToken) is { RetryAfter: { } after })
        {
            throw new GatewayException(GatewayError.RateLimited(after));
        }
    }

    /// <summary>Answers one request; every failure becomes a frame.</summary>
    /// <param name="acknowledge">See <see cref="ControlCall"/>.</param>
    /// <param name="answer">Sends the response frame.</param>
    public async Task AnswerAsync(
        IControlClient client, Caller caller, RequestFrame frame, Action<byte[]>? acknowledge, Action<byte[]> answer,
        CancellationToken cancellationToken)
    {
        var call = new ControlCall(caller, client, frame, acknowledge);
        answer(await InvokeAsync(call, cancellationToken));
        call.Afterwards?.Invoke();
    }

    private async Task<byte[]> InvokeAsync(ControlCall call, CancellationToken cancellationToken)
    {
        var frame = call.Frame;
        try
        {
            if (frame.Method == "connect")
            {
                throw RpcException.Invalid("connect is only valid as the first request");
            }

            await CountAsync(call.Caller, cancellationToken);
            return await methods.InvokeAsync(call, cancellationToken);
        }
        catch (RpcException refused)
        {
            return FrameWriter.Failure(frame.Id, refused.Error);
        }
        catch (GatewayException failure)
        {
            return FrameWriter.Failure(frame.Id, RpcError.Of(failure.Error));
        }
        catch (OperationCanceledException)
        {
            return FrameWriter.Failure(frame.Id, new RpcError(RpcError.Unavailable, "the connection is closing") { Retryable = true });
        }
        catch (Exception failure)
        {
            LogFailed(failure, frame.Method);
            return FrameWriter.Failure(frame.Id, Internal());
        }
    }

    public static RpcError Internal() => RpcError.Of(GatewayError.Internal());

    [LoggerMessage(Level = LogLevel.Information, Message = "Control-plane connection {Connection} is closed: its client takes too little")]
    public partial void LogSlow(string connection);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure in control-plane method {Method}")]
    public partial void LogFailed(Exception failure, string method);
}
