using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Tools.Approvals;

namespace OpenClaw.Gateway.Approvals;

/// <summary>Approvals of tool calls over HTTP. The operator sees all, others those of their own runs.</summary>
public sealed class ApprovalsHandler(ApprovalStore approvals)
{
    private const int MaxBodyBytes = 4 * 1024;

    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var waiting = await approvals.ListAsync(request.RequireCaller(), cancellationToken);
        return new ApiResult<ApprovalList>(new ApprovalList([.. waiting.Select(ApprovalInfo.Of)]), ApprovalsJson.Default.ApprovalList);
    }

    /// <exception cref="GatewayException"><c>400 invalid_value</c>, <c>404 approval_not_found</c>, <c>409 approval_decided</c>.</exception>
    public async Task<IResult> ResolveAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var body = await request.ReadJsonAsync(ApprovalsJson.Default.ApprovalDecision, MaxBodyBytes, cancellationToken);
        if (body.Decision is null)
        {
            throw new GatewayException(GatewayError.MissingField("decision"));
        }

        if (body.Decision is not (Approval.Allowed or Approval.Denied))
        {
            throw new GatewayException(GatewayError.InvalidValue("decision", $"'{Approval.Allowed}' or '{Approval.Denied}'."));
        }

        var decided = await approvals.ResolveAsync(request.RequireCaller(), id, body.Decision, cancellationToken);
        return new ApiResult<ApprovalInfo>(ApprovalInfo.Of(decided), ApprovalsJson.Default.ApprovalInfo);
    }
}
