using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Embeddings;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /v1/embeddings</c>: vectors for texts, as floats or base64. Scope <c>operator.write</c>.</summary>
public sealed class CreateEmbedding(EmbeddingsHandler handler)
{
    public const string Route = "v1/embeddings";

    [Function(nameof(CreateEmbedding)), GatewayAuth(Scope.OperatorWrite)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.CreateAsync(request, cancellationToken);
}
