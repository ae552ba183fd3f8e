using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Agents;
using OpenClaw.Runs.Calls;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Runs.Live;
using OpenClaw.Runs.Turns;

namespace OpenClaw.Runs;

/// <summary>Agents and their runs.</summary>
public static class RunServices
{
    public static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton<AgentCatalog>()
        .AddSingleton<InputMedia>()
        .AddSingleton<RunSignalOptions>()
        .AddSingleton<RunReplay>()
        .AddSingleton<RunLimits>()
        .AddSingleton<OwnModelCalls>()
        .AddSingleton<SessionCompactor>()
        .AddSingleton<OwnToolOffer>()
        .AddSingleton<OwnCallServices>()
        .AddSingleton<RunAdmission>()
        .AddSingleton<RunTurns>()
        .AddSingleton<LiveRuns>()
        .AddSingleton<RunFollower>()
        .AddSingleton<RunEngine>()
        .AddSingleton<RunLane>()
        .AddSingleton<QueuedFronts>()
        .AddSingleton<ReplyDispatcher>()
        .AddHostedService(static provider => provider.GetRequiredService<ReplyDispatcher>())
        .AddSingleton<WaitingRuns>()
        .AddSingleton<WakeUps>()
        .AddSingleton<RunControl>()
        .AddSingleton<Shutdown>()
        .AddHostedService(static provider => provider.GetRequiredService<Shutdown>())
        .AddSingleton<LocalDispatcher>()
        .AddHostedService(static provider => provider.GetRequiredService<LocalDispatcher>());
}
