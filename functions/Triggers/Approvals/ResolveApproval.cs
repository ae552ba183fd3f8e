using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OpenClaw.Gateway.Approvals;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Functions.Triggers;

/// <summary><c>POST /api/approvals/{id}</c>: allows or denies a call that waits. Scope <c>operator.approvals</c>.</summary>
public sealed class ResolveApproval(ApprovalsHandler handler)
{
    public const string Route = "api/approvals/{id}";

    [Function(nameof(ResolveApproval)), GatewayAuth(Scope.OperatorApprovals), Surface(Surface.Api)]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request, CancellationToken cancellationToken)
        => handler.ResolveAsync(request, request.RouteId(), cancellationToken);
}
