using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Sessions.Chat;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /sessions/{key}/kill</c>: ends the run that holds a session; the key is URL-encoded. Scope
/// <c>operator.admin</c>.</summary>
public sealed class KillSession(SessionMessages messages)
{
    public const string Route = "sessions/{key}/kill";

    [Function(nameof(KillSession)), GatewayAuth(Scope.OperatorAdmin), Surface(Surface.OpenAi, idMayHoldSlash: true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => messages.KillAsync(request, cancellationToken);
}
