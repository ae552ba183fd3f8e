using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /webhook/slack</c>: events, slash commands and shortcuts of Slack, signed with the app's secret.</summary>
public sealed class ReceiveSlack(WebhookFront front)
{
    public const string Route = "webhook/slack";

    [Function(nameof(ReceiveSlack)), GatewayAuth(AuthClass.Signed)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => front.ReceiveAsync("slack", request, cancellationToken);
}
