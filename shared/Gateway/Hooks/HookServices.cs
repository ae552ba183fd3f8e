using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Calls of other systems that start agents.</summary>
public static class HookServices
{
    public static IServiceCollection AddHooks(this IServiceCollection services) => services
        .AddSingleton<HooksHandler>()
        .AddSingleton<HookGate>()
        .AddSingleton<HookAuth>()
        .AddSingleton<HookMappings>()
        .AddSingleton<HookSessions>()
        .AddSingleton<HookActions>()
        .AddSingleton<HookWaiting>()
        .AddSingleton<HookRuns>()
        .AddSingleton<IQueuedRuns>(static provider => provider.GetRequiredService<HookRuns>());
}
