using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Gateway.Runs;

/// <summary>Services that all surfaces share for running agents, and durable runs.</summary>
public static class RunFrontServices
{
    public static IServiceCollection AddRunFronts(this IServiceCollection services) => services
        .AddSingleton<IdempotentRequests>()
        .AddSingleton<RunAnswers>()
        .AddSingleton<SelfCallDispatcher>()
        .AddSingleton<RunsHandler>()
        .AddSingleton<HookLog>()
        .AddHostedService(static provider => provider.GetRequiredService<HookLog>())
        .AddSingleton<IRunDispatcher>(static provider => provider.GetRequiredService<HostTraits>().IsWorker
            ? provider.GetRequiredService<SelfCallDispatcher>()
            : provider.GetRequiredService<LocalDispatcher>());
}
