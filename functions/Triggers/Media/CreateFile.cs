using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Media;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/files</c>: stores a file in OpenAI's form. Scope <c>operator.write</c>.</summary>
public sealed class CreateFile(FilesHandler handler)
{
    public const string Route = "v1/files";

    [Function(nameof(CreateFile)), GatewayAuth(Scope.OperatorWrite, TakesFiles = true)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CreateAsync(request, cancellationToken);
}
