using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/media</c>: stores a file, sent as the body or as the <c>file</c> of a form. Scope <c>operator.write</c>.</summary>
public sealed class CreateMedia(MediaHandler handler)
{
    public const string Route = "api/media";

    [Function(nameof(CreateMedia)), GatewayAuth(Scope.OperatorWrite, TakesFiles = true), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CreateAsync(request, cancellationToken);
}
