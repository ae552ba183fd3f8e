using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Keys;

internal static class KeysServices
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddSingleton<ApiKeysHandler>();
}
