using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Http;
using OpenClaw.Models;
using OpenClaw.Responses;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Telemetry;

namespace OpenClaw;

/// <summary>Names everything: the one place where floors of the house are wired together. What a host registers later wins.</summary>
public static class GatewayServices
{
    public static IServiceCollection AddOpenClaw(this IServiceCollection services, GatewayConfigStore config) => services
        .AddSingleton(config)
        .AddSingleton(HostTraits.SelfHost)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Redactor>()
        .AddSingleton<StorageProbe>()
        .AddSingleton<FailedAuthLimiter>()
        .AddSingleton<Transcript>()
        .AddSingleton<SessionPolicy>()
        .AddSingleton<SessionIndex>()
        .AddSingleton<SessionSweeper>()
        .AddSingleton<SessionStore>()
        .AddSingleton<ModelHttpOptions>()
        .AddSingleton<ModelCatalog>()
        .AddSingleton<AgentCatalog>()
        .AddSingleton<SessionCompactor>()
        .AddSingleton<RunEngine>()
        .AddSingleton<TrustedProxyAuthenticator>()
        .AddSingleton<Authenticator>()
        .AddSingleton<GatewayPipeline>()
        .AddSingleton<HealthHandler>()
        .AddSingleton<StatusHandler>()
        .AddSingleton<MessagesHandler>()
        .AddSingleton<SessionLookup>()
        .AddSingleton<HistoryReader>()
        .AddSingleton<SessionActions>()
        .AddSingleton<SessionsHandler>()
        .AddSingleton<SessionHistoryHandler>()
        .AddSingleton<ModelsHandler>()
        .AddSingleton<EmbeddingsHandler>()
        .AddSingleton<ResponseStore>()
        .AddSingleton<ResponseRuns>()
        .AddSingleton<ResponsesHandler>()
        .AddSingleton<ResponsesSocket>()
        .AddSingleton<CompactionHandler>()
        .AddSingleton<ChatCompletionsHandler>();

    /// <param name="account">Null when no connection is configured: what needs storage answers 503.</param>
    public static IServiceCollection AddGatewayStorage(this IServiceCollection services, StorageAccount? account) =>
        services.AddSingleton(provider => new GatewayStorage(account, provider.GetRequiredService<GatewayConfigStore>()));
}
