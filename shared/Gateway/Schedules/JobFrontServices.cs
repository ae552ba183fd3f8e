using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tools;

namespace OpenClaw.Gateway.Schedules;

internal static class JobFrontServices
{
    public static IServiceCollection AddJobFronts(this IServiceCollection services) => services
        .AddSingleton<JobsHandler>()
        .AddSingleton<ITool, CronTool>();
}
