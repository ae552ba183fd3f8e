using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Devices;
using OpenClaw.Gateway.Approvals;
using OpenClaw.Gateway.Channels;
using OpenClaw.Gateway.ChatCompletions;
using OpenClaw.Gateway.Devices;
using OpenClaw.Gateway.Embeddings;
using OpenClaw.Gateway.Hooks;
using OpenClaw.Gateway.Keys;
using OpenClaw.Gateway.Mcp;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Messages;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Realtime;
using OpenClaw.Gateway.Responses;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Schedules;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Status;
using OpenClaw.Gateway.Tools;
using OpenClaw.Media;
using OpenClaw.Models;
using OpenClaw.Outbound;
using OpenClaw.Runs;
using OpenClaw.Schedules;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.SignalR;
using OpenClaw.Storage;
using OpenClaw.Telemetry;
using OpenClaw.Tools;
using OpenClaw.Usage;

namespace OpenClaw.Gateway;

/// <summary>Registers all rooms. A host's later registrations replace these.</summary>
public static class GatewayServices
{
    public static IServiceCollection AddOpenClaw(this IServiceCollection services, GatewayConfigStore config) => services
        .AddSingleton(config)
        .AddSingleton(HostTraits.SelfHost)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Redactor>().AddSingleton<LogRing>().AddSingleton<ILoggerProvider, LogRingProvider>()
        .AddStorage().AddSignalRService().AddSecurity().AddDevices().AddSessions().AddOutbound()
        .AddModels().AddMedia().AddUsage().AddTools().AddRuns().AddSchedules()
        .AddPipeline().AddRunFronts()
        .AddChatCompletions().AddResponses().AddMessages().AddEmbeddings().AddSessionFronts().AddMediaFronts().AddKeys().AddDeviceFronts()
        .AddApprovalFronts().AddJobFronts().AddToolFronts().AddHooks().AddChannels().AddRealtime().AddMcpServer().AddStatus();
}
