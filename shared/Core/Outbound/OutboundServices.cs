using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Outbound;

/// <summary>Requests to addresses that callers name.</summary>
public static class OutboundServices
{
    public static IServiceCollection AddOutbound(this IServiceCollection services) => services
        .AddSingleton(OutboundNetwork.Real)
        .AddSingleton<HostRules>()
        .AddSingleton<GuardedFetcher>();
}
