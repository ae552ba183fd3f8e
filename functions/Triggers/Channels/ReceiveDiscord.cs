using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /webhook/discord</c>: interactions of Discord, signed with the application's key.</summary>
public sealed class ReceiveDiscord(WebhookFront front)
{
    public const string Route = "webhook/discord";

    [Function(nameof(ReceiveDiscord)), GatewayAuth(AuthClass.Signed)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => front.ReceiveAsync("discord", request, cancellationToken);
}
