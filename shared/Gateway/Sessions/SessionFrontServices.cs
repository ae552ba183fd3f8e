using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Gateway.Sessions.Chat;
using OpenClaw.Gateway.Sessions.Tools;
using OpenClaw.Runs.Durable;
using OpenClaw.Tools;

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
        .AddSingleton<IQueuedRuns, QueuedMessages>()
        .AddSingleton<VisibleSessions>()
        .AddSingleton<ITool, SessionsList>()
        .AddSingleton<ITool, SessionsHistory>()
        .AddSingleton<ITool, SessionsSend>()
        .AddSingleton<ITool, SessionStatus>();
}
