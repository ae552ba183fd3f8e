using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/channels/{channel}/pairing</c>: approves or rejects a person by the code that they were given. Scope
/// <c>operator.pairing</c>.</summary>
public sealed class PairSender(PairingHandler handler)
{
    public const string Route = "api/channels/{channel}/pairing";

    [Function(nameof(PairSender)), GatewayAuth(Scope.OperatorPairing), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ActAsync(request, cancellationToken);
}
