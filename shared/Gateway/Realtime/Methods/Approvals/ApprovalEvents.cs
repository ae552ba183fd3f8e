using Microsoft.Extensions.Hosting;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;
using OpenClaw.Tools.Approvals;

namespace OpenClaw.Gateway.Realtime.Methods.Approvals;

/// <summary>Tells clients which calls wait for an approval in this process, and what was decided here.</summary>
internal sealed class ApprovalEvents(ApprovalStore approvals, EventBus bus, TimeProvider time) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        approvals.Changed += OnChanged;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        approvals.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    private void OnChanged(Approval approval) => bus.Publish(approval.Decision is { } decision
        ? ControlEvent.Of(
            EventNames.ApprovalResolved, EventTopic.Scoped, Scope.OperatorApprovals,
            FrameWriter.Json(
                new ApprovalResolvedPayload(approval.Id, decision, approval.DecidedBy, time.GetUtcNow().ToUnixTimeMilliseconds()),
                ApprovalMethodsJson.Default.ApprovalResolvedPayload))
        : ControlEvent.Of(
            EventNames.ApprovalRequested, EventTopic.Scoped, Scope.OperatorApprovals,
            FrameWriter.Json(ApprovalEntry.Of(approval), ApprovalMethodsJson.Default.ApprovalEntry)));
}
