using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Usage;

/// <summary>What runs cost, and what they may.</summary>
public static class UsageServices
{
    public static IServiceCollection AddUsage(this IServiceCollection services) => services
        .AddSingleton<UsageLedger>()
        .AddSingleton<UsageReport>()
        .AddSingleton<BudgetGuard>();
}
