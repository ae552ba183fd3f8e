using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Schedules;

/// <summary>Jobs that the clock starts.</summary>
public static class ScheduleServices
{
    public static IServiceCollection AddSchedules(this IServiceCollection services) => services
        .AddSingleton<JobStore>()
        .AddSingleton<QueuedJobs>()
        .AddSingleton<IQueuedRuns>(static provider => provider.GetRequiredService<QueuedJobs>())
        .AddSingleton<Wakes>()
        .AddSingleton<DueSessions>()
        .AddSingleton<QueuedWakes>()
        .AddSingleton<IQueuedRuns>(static provider => provider.GetRequiredService<QueuedWakes>())
        .AddSingleton<Heartbeats>()
        .AddSingleton<QueuedHeartbeats>()
        .AddSingleton<IQueuedRuns>(static provider => provider.GetRequiredService<QueuedHeartbeats>())
        .AddSingleton<JobChanges>()
        .AddSingleton<JobInput>()
        .AddSingleton<JobRunner>();
}
