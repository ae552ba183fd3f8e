using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;

namespace OpenClaw.Storage;

/// <summary>How the gateway reaches its storage account.</summary>
public static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services) => services
        .AddStorageAccount(null)
        .AddSingleton<StorageProbe>();

    /// <param name="account">Null when no connection is configured: what needs storage answers 503.</param>
    public static IServiceCollection AddStorageAccount(this IServiceCollection services, StorageAccount? account) =>
        services.AddSingleton(provider => new GatewayStorage(
            account, provider.GetRequiredService<GatewayConfigStore>(), provider.GetRequiredService<ILogger<GatewayStorage>>()));
}
