using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.SignalR;
using OpenClaw.Storage;

namespace OpenClaw.Tests.Support.SignalR;

/// <summary>A gateway behind a stand-in for SignalR Service, which calls it with a secret in the URL.</summary>
internal sealed class SignalRGateway : IAsyncDisposable
{
    public const string UpstreamSecret = "upstream-secret-5c1e7d";

    private SignalRGateway(SignalRStandIn service, GatewayHost host, ScriptedUpstream model) =>
        (Service, Host, Model) = (service, host, model);

    public SignalRStandIn Service { get; }

    public GatewayHost Host { get; }

    public ScriptedUpstream Model { get; }

    public static async Task<SignalRGateway> StartAsync(
        AzuriteFixture azurite, Action<GatewayConfig>? configure = null, Action<IServiceCollection>? services = null,
        StandInUpstream? upstream = null)
    {
        var service = await SignalRStandIn.StartAsync();
        var model = await ScriptedUpstream.StartAsync();
        var host = await StartInstanceAsync(azurite, service, model, configure, services);
        service.Upstream = upstream ?? new StandInUpstream(new Uri(host.Url + "/"), $"?code={UpstreamSecret}");
        return new SignalRGateway(service, host, model);
    }

    /// <summary>One more instance at the same service; give it the same storage prefix to make it one gateway.</summary>
    public static Task<GatewayHost> StartInstanceAsync(
        AzuriteFixture azurite, SignalRStandIn service, ScriptedUpstream model, Action<GatewayConfig>? configure = null,
        Action<IServiceCollection>? services = null) =>
        GatewayHost.StartAsync(
            StorageAccount.Parse(azurite.ConnectionString),
            config =>
            {
                config.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = model.ProviderConfig(models: "test-model") };
                config.Gateway.Realtime.Upstream.Secret = UpstreamSecret;
                configure?.Invoke(config);
            },
            collection =>
            {
                Use(collection, service.ConnectionString);
                services?.Invoke(collection);
            });

    public static void Use(IServiceCollection services, string connectionString) => services.AddSingleton(provider => new SignalRService(
        name => name == EnvironmentVariables.SignalR ? connectionString : null, TimeProvider.System,
        provider.GetRequiredService<ILogger<SignalRClient>>()));

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Host.DisposeAsync();
        await Model.DisposeAsync();
    }
}
