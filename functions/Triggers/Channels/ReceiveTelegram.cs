using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /webhook/telegram</c>: updates of Telegram's Bot API, proven by their secret token.</summary>
public sealed class ReceiveTelegram(WebhookFront front)
{
    public const string Route = "webhook/telegram";

    [Function(nameof(ReceiveTelegram)), GatewayAuth(AuthClass.Signed)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => front.ReceiveAsync("telegram", request, cancellationToken);
}
