using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Schedules;

internal static class JobFrontServices
{
    public static IServiceCollection AddJobFronts(this IServiceCollection services) => services.AddSingleton<JobsHandler>();
}
