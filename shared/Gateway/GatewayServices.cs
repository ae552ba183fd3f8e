using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Agents;
using OpenClaw.Configuration;
using OpenClaw.Gateway.ChatCompletions;
using OpenClaw.Gateway.Embeddings;
using OpenClaw.Gateway.Keys;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Messages;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Responses;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Sessions.Chat;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Status;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Files;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;
using OpenClaw.Models;
using OpenClaw.Models.Upstream;
using OpenClaw.Outbound;
using OpenClaw.Runs;
using OpenClaw.Runs.Context;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Input;
using OpenClaw.Runs.Turns;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Security.Limits;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Telemetry;
using OpenClaw.Usage;

namespace OpenClaw.Gateway;

/// <summary>Names everything: the one place where floors of the house are wired together. What a host registers later wins.</summary>
public static class GatewayServices
{
    public static IServiceCollection AddOpenClaw(this IServiceCollection services, GatewayConfigStore config) => services
        .AddSingleton(config)
        .AddSingleton(HostTraits.SelfHost)
        .AddSingleton(TimeProvider.System)
        .AddGatewayStorage(null)
        .AddSingleton<Redactor>()
        .AddSingleton<StorageProbe>()
        .AddSingleton<FailedAuthTable>()
        .AddSingleton<FailedAuthLimiter>()
        .AddSingleton<ApiKeyCache>()
        .AddSingleton<ApiKeyStore>()
        .AddSingleton<RateLimitTable>()
        .AddSingleton<RateLimiter>()
        .AddSingleton<Transcript>()
        .AddSingleton<SessionPolicy>()
        .AddSingleton<SessionIndex>()
        .AddSingleton<SessionSweeper>()
        .AddSingleton<SessionStore>()
        .AddSingleton<SessionInbox>()
        .AddSingleton<MediaWorkerOptions>()
        .AddSingleton<MediaWorkers>()
        .AddSingleton<MediaTools>()
        .AddSingleton<PdfReader>()
        .AddSingleton<ImageConverter>()
        .AddSingleton<ImageReader>()
        .AddSingleton(OutboundNetwork.Real)
        .AddSingleton<HostRules>()
        .AddSingleton<GuardedFetcher>()
        .AddSingleton<MediaStore>()
        .AddSingleton<MediaTickets>()
        .AddSingleton<InputMedia>()
        .AddSingleton<ModelHttpOptions>()
        .AddSingleton<ModelCatalog>()
        .AddSingleton<ModelAliases>()
        .AddSingleton<AgentCatalog>()
        .AddSingleton<RunSignalOptions>()
        .AddSingleton<RunReplay>()
        .AddSingleton<RunLimits>()
        .AddSingleton<UsageLedger>()
        .AddSingleton<UsageReport>()
        .AddSingleton<BudgetGuard>()
        .AddSingleton<SessionCompactor>()
        .AddSingleton<RunAdmission>()
        .AddSingleton<RunTurns>()
        .AddSingleton<RunEngine>()
        .AddSingleton<RunLane>()
        .AddSingleton<Shutdown>()
        .AddHostedService(static provider => provider.GetRequiredService<Shutdown>())
        .AddSingleton<WakeUps>()
        .AddSingleton<LocalDispatcher>()
        .AddHostedService(static provider => provider.GetRequiredService<LocalDispatcher>())
        .AddSingleton<SelfCallDispatcher>()
        .AddSingleton<IRunDispatcher>(static provider => provider.GetRequiredService<HostTraits>().IsWorker
            ? provider.GetRequiredService<SelfCallDispatcher>()
            : provider.GetRequiredService<LocalDispatcher>())
        .AddSingleton<RunControl>()
        .AddSingleton<IQueuedRuns, QueuedResponses>()
        .AddSingleton<IQueuedRuns, QueuedMessages>()
        .AddSingleton<SessionMessages>()
        .AddSingleton<TrustedProxyAuthenticator>()
        .AddSingleton<ApiKeyAuthenticator>()
        .AddSingleton<Authenticator>()
        .AddSingleton<ApiKeysHandler>()
        .AddSingleton<UsageHandler>()
        .AddSingleton<RateLimitHeaders>()
        .AddSingleton<GatewayPipeline>()
        .AddSingleton<HealthHandler>()
        .AddSingleton<StatusHandler>()
        .AddSingleton<SessionChatHandler>()
        .AddSingleton<SessionLookup>()
        .AddSingleton<HistoryReader>()
        .AddSingleton<SessionActions>()
        .AddSingleton<SessionsHandler>()
        .AddSingleton<SessionHistoryHandler>()
        .AddSingleton<ModelsHandler>()
        .AddSingleton<EmbeddingsHandler>()
        .AddSingleton<ResponseStore>()
        .AddSingleton<IdempotencyStore>()
        .AddSingleton<IdempotentRequests>()
        .AddSingleton<RunAnswers>()
        .AddSingleton<ResponsePreparation>()
        .AddSingleton<BackgroundResponses>()
        .AddSingleton<InternalSecret>()
        .AddSingleton<RunsHandler>()
        .AddSingleton<ResponsesHandler>()
        .AddSingleton<ResponsesSocket>()
        .AddSingleton<CompactionHandler>()
        .AddSingleton<MediaBody>()
        .AddSingleton<MediaHandler>()
        .AddSingleton<FilesHandler>()
        .AddSingleton<MessagesHandler>()
        .AddSingleton<ChatCompletionsHandler>();

    /// <param name="account">Null when no connection is configured: what needs storage answers 503.</param>
    public static IServiceCollection AddGatewayStorage(this IServiceCollection services, StorageAccount? account) =>
        services.AddSingleton(provider => new GatewayStorage(
            account, provider.GetRequiredService<GatewayConfigStore>(), provider.GetRequiredService<ILogger<GatewayStorage>>()));
}
