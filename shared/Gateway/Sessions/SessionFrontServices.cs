using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Gateway.Sessions.Chat;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Gateway.Sessions;

public static class SessionFrontServices
{
    public static IServiceCollection AddSessionFronts(this IServiceCollection services) => services
        .AddSingleton<SessionLookup>()
        .AddSingleton<HistoryReader>()
        .AddSingleton<SessionActions>()
        .AddSingleton<SessionMessages>()
        .AddSingleton<SessionsHandler>()
        .AddSingleton<SessionHistoryHandler>()
        .AddSingleton<SessionChatHandler>()
        .AddSingleton<IQueuedRuns, QueuedMessages>();
}
