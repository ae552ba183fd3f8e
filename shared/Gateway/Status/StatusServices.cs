using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Status;

internal static class StatusServices
{
    public static IServiceCollection AddStatus(this IServiceCollection services) => services
        .AddSingleton<HealthHandler>()
        .AddSingleton<StatusHandler>()
        .AddSingleton<McpStatusHandler>()
        .AddSingleton<ModelsHandler>()
        .AddSingleton<UsageHandler>();
}
