using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;
using OpenClaw.Tools.Approvals;

namespace OpenClaw.Gateway.Realtime.Methods.Approvals;

/// <summary><c>approval.*</c> and the original's <c>exec.approval.*</c>: calls of tools that wait for a person.</summary>
internal sealed class ApprovalMethods(ApprovalStore approvals) : IControlMethods
{
    private const int DefaultHistory = 50;

    private const int MostHistory = 200;

    public void AddTo(MethodTable table)
    {
        var json = ApprovalMethodsJson.Default;
        foreach (var family in (ReadOnlySpan<string>)["approval", "exec.approval"])
        {
            table.Add(family + ".list", Scope.OperatorApprovals, json.EmptyParams, json.Entries, ListAsync);
            table.Add(family + ".resolve", Scope.OperatorApprovals, json.ApprovalResolveParams, json.ApprovalResolved, ResolveAsync);
        }

        table.Add("approval.history", Scope.OperatorApprovals, json.ApprovalHistoryParams, json.ApprovalHistory, ListDecidedAsync);
    }

    private async Task<IReadOnlyList<ApprovalEntry>> ListAsync(ControlCall call, EmptyParams given, CancellationToken cancellationToken) =>
        [.. (await approvals.ListAsync(call.Caller, cancellationToken)).Select(ApprovalEntry.Of)];

    private async Task<ApprovalHistory> ListDecidedAsync(
        ControlCall call, ApprovalHistoryParams given, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(given.Limit ?? DefaultHistory, 1, MostHistory);
        return new ApprovalHistory([.. (await approvals.ListDecidedAsync(call.Caller, limit, cancellationToken)).Select(ApprovalEntry.Of)]);
    }

    private async Task<ApprovalResolved> ResolveAsync(ControlCall call, ApprovalResolveParams given, CancellationToken cancellationToken)
    {
        var decision = given.Decision is Approval.Allowed or Approval.Denied ? given.Decision
            : throw RpcException.Invalid($"decision must be '{Approval.Allowed}' or '{Approval.Denied}'");
        var decided = await approvals.ResolveAsync(call.Caller, given.Id, decision, cancellationToken);
        return new ApprovalResolved(true, decided.Id, decision);
    }
}
