using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Security.Limits;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>The control plane over SignalR: the service, and the self-host's own hub.</summary>
internal static class SignalRFrontServices
{
    public static IServiceCollection AddSignalRFronts(this IServiceCollection services) => services
        .AddSingleton<RealtimeRights>()
        .AddSingleton<LocalTickets>()
        .AddSingleton<ConnectionStore>()
        .AddSingleton<GroupPresence>()
        .AddSingleton<SendLanes>()
        .AddSingleton<ServiceOutlet>()
        .AddSingleton<IEventOutlet>(static provider => provider.GetRequiredService<ServiceOutlet>())
        .AddHostedService(static provider => provider.GetRequiredService<ServiceOutlet>())
        .AddSingleton<UpstreamProof>()
        .AddSingleton<LargeAnswers>()
        .AddSingleton<ServicePresence>()
        .AddSingleton<ServiceCalls>()
        .AddSingleton<ServiceSimple>()
        .AddSingleton(static provider => new UpstreamHandler(
            provider.GetRequiredService<SignalRService>(), provider.GetRequiredService<UpstreamProof>(),
            provider.GetRequiredService<ConnectionStore>(), provider.GetRequiredService<ServiceCalls>(),
            provider.GetRequiredService<ServiceSimple>(), provider.GetRequiredService<BodyBudget>()))
        .AddSingleton(static provider => new NegotiateHandler(
            provider.GetRequiredService<SignalRService>(), provider.GetRequiredService<ConnectionStore>(),
            provider.GetRequiredService<LocalTickets>(), provider.GetRequiredService<OriginRules>(),
            provider.GetRequiredService<GatewayConfigStore>(),
            provider.GetRequiredService<HostTraits>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(static provider => new ConnectionSweeper(
            provider.GetRequiredService<SignalRService>(), provider.GetRequiredService<ConnectionStore>(),
            provider.GetRequiredService<RealtimeRights>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConnectionSweeper>>()))
        .AddSingleton(static provider => new LocalHub(
            provider.GetRequiredService<HostTraits>(), provider.GetRequiredService<ControlPlane>(),
            provider.GetRequiredService<LocalTickets>(), provider.GetRequiredService<RealtimeRights>(),
            provider.GetRequiredService<BodyBudget>(), provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILoggerFactory>()));
}
