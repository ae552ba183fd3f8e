using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/channels/{channel}/pairing</c>: people who wrote to a channel and wait for approval. Scope
/// <c>operator.pairing</c>.</summary>
public sealed class ListSenders(PairingHandler handler)
{
    public const string Route = "api/channels/{channel}/pairing";

    [Function(nameof(ListSenders)), GatewayAuth(Scope.OperatorPairing), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request,
        CancellationToken cancellationToken)
        => handler.ListAsync(request, cancellationToken);
}
