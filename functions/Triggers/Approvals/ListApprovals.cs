using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Approvals;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>GET /api/approvals</c>: calls of tools that wait for a person. Scope <c>operator.approvals</c>.</summary>
public sealed class ListApprovals(ApprovalsHandler handler)
{
    public const string Route = "api/approvals";

    [Function(nameof(ListApprovals)), GatewayAuth(Scope.OperatorApprovals), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ListAsync(request, cancellationToken);
}
