using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /webhook/whatsapp</c>: messages of Meta's Cloud API, signed with the app's secret. <c>GET</c>: the check of the webhook
/// when it is set up, by the verify token.</summary>
public sealed class ReceiveWhatsApp(WebhookFront front)
{
    public const string Route = "webhook/whatsapp";

    [Function(nameof(ReceiveWhatsApp)), GatewayAuth(AuthClass.Signed)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", Route = Route)] HttpRequest request,
        CancellationToken cancellationToken)
        => front.ReceiveAsync("whatsapp", request, cancellationToken);
}
