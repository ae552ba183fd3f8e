using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Methods;
using OpenClaw.Gateway.Realtime.Methods.Approvals;
using OpenClaw.Gateway.Realtime.Methods.Chat;
using OpenClaw.Gateway.Realtime.Methods.Config;
using OpenClaw.Gateway.Realtime.Methods.Devices;
using OpenClaw.Gateway.Realtime.Methods.Schedules;
using OpenClaw.Gateway.Realtime.Methods.Sessions;
using OpenClaw.Gateway.Realtime.Methods.Status;
using OpenClaw.Gateway.Realtime.Methods.Tools;
using OpenClaw.Gateway.Realtime.SignalR;
using OpenClaw.Gateway.Realtime.Sockets;
using OpenClaw.Runs.Durable;
using OpenClaw.Security.Limits;

namespace OpenClaw.Gateway.Realtime;

/// <summary>The control plane: its methods, its events, and what carries them.</summary>
public static class RealtimeServices
{
    public static IServiceCollection AddRealtime(this IServiceCollection services) => services
        .AddMethods().AddEvents().AddSignalRFronts()
        .AddSingleton<ConnectHandshake>()
        .AddSingleton<ConnectionHub>()
        .AddSingleton<ConnectionLimits>()
        .AddSingleton<PresenceView>()
        .AddSingleton<IEventOutlet>(static provider => provider.GetRequiredService<ConnectionHub>())
        .AddHostedService(static provider => provider.GetRequiredService<ConnectionHub>())
        .AddSingleton<ControlPlane>()
        .AddSingleton(static provider => new ControlPlaneSocket(
            provider.GetRequiredService<ControlPlane>(), provider.GetRequiredService<Authenticator>(),
            provider.GetRequiredService<AmbientCallers>(), provider.GetRequiredService<OriginRules>(),
            provider.GetRequiredService<BodyBudget>(), provider.GetRequiredService<HostTraits>(),
            provider.GetRequiredService<Shutdown>()));

    /// <summary>One line for each group of methods.</summary>
    private static IServiceCollection AddMethods(this IServiceCollection services) => services
        .AddSingleton<MethodTable>()
        .AddSingleton<IControlMethods, StatusMethods>()
        .AddSingleton<IControlMethods, TaskMethods>()
        .AddSingleton<IControlMethods, UsageMethods>()
        .AddSingleton<IControlMethods, ProviderMethods>()
        .AddSingleton<IControlMethods, LogMethods>()
        .AddSingleton<IControlMethods, ChatMethods>()
        .AddSingleton<IControlMethods, AgentMethods>()
        .AddSingleton<IControlMethods, SessionReadMethods>()
        .AddSingleton<IControlMethods, SessionWriteMethods>()
        .AddSingleton<IControlMethods, DeviceMethods>()
        .AddSingleton<IControlMethods, ConfigMethods>()
        .AddSingleton<ConfigView>()
        .AddSingleton<ConfigWriter>()
        .AddSingleton<IControlMethods, CronMethods>()
        .AddSingleton<IControlMethods, WakeMethods>()
        .AddSingleton<IControlMethods, ToolMethods>()
        .AddSingleton<IControlMethods, ApprovalMethods>()
        .AddSingleton<ModelsView>()
        .AddSingleton<ChatHistory>()
        .AddSingleton<ChatRuns>()
        .AddSingleton<IQueuedRuns, QueuedChats>();

    private static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton<EventBus>()
        .AddSingleton<EventAudience>()
        .AddSingleton<SessionNames>()
        .AddSingleton<SessionView>()
        .AddSingleton<SessionWatch>()
        .AddSingleton<SessionListWatch>()
        .AddHostedService<ForeignSessions>()
        .AddHostedService<ApprovalEvents>()
        .AddSingleton<ChatEvents.Factory>()
        .AddSingleton<RunBroadcast>()
        .AddHostedService(static provider => provider.GetRequiredService<RunBroadcast>())
        .AddHostedService<PairingEvents>()
        .AddHostedService<ConfigEvents>()
        .AddHostedService<CronEvents>();
}
