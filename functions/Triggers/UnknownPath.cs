using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Hooks;
using OpenClaw.Gateway.Realtime.Sockets;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary>Everything no other function serves: the control plane for a WebSocket of the self-host, a channel whose
/// <c>webhookPath</c> it is, hooks below another <c>hooks.path</c>, else 404, or 405 with <c>Allow</c> when only the method is wrong.
/// Without it the Functions host answers an empty 404.</summary>
public sealed class UnknownPath(RouteTable routes, ControlPlaneSocket socket, WebhookFront webhooks, HooksHandler hooks)
{
    public const string Route = "{*path}";

    [Function(nameof(UnknownPath)), GatewayAuth(AuthClass.ByPath)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request, CancellationToken cancellationToken)
    {
        if (routes.IsServed(request))
        {
            return Task.FromResult(routes.Answer(request));
        }

        if (webhooks.FindByPath(request) is { } channel)
        {
            return webhooks.ReceiveAsync(channel, request, cancellationToken);
        }

        return hooks.Serves(request) ? hooks.ReceiveAsync(request, cancellationToken)
            : Task.FromResult(socket.IsUpgrade(request) ? socket.Connect(request) : routes.Answer(request));
    }
}
