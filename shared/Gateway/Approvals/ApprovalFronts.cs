using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Approvals;

/// <summary>Approvals of tool calls.</summary>
public static class ApprovalFronts
{
    public static IServiceCollection AddApprovalFronts(this IServiceCollection services) => services.AddSingleton<ApprovalsHandler>();
}
