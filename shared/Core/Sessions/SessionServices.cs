using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Sessions.Outbox;

namespace OpenClaw.Sessions;

/// <summary>Sessions and what is stored in them.</summary>
public static class SessionServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<Transcript>()
        .AddSingleton<SessionPolicy>()
        .AddSingleton<SessionIndex>()
        .AddSingleton<SessionSweeper>()
        .AddSingleton<SessionStore>()
        .AddSingleton<SessionInbox>()
        .AddSingleton<SessionOutbox>()
        .AddSingleton<AgedRowSweeper>()
        .AddSingleton<SessionEvents>()
        .AddSingleton<IdempotencyStore>();
}
