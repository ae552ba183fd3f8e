using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Gateway.Responses;

internal static class ResponsesServices
{
    public static IServiceCollection AddResponses(this IServiceCollection services) => services
        .AddSingleton<ResponseStore>()
        .AddSingleton<ResponsePreparation>()
        .AddSingleton<BackgroundResponses>()
        .AddSingleton<ResponsesHandler>()
        .AddSingleton<ResponsesSocket>()
        .AddSingleton<CompactionHandler>()
        .AddSingleton<IQueuedRuns, QueuedResponses>();
}
