using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Keys;

public static class KeysServices
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddSingleton<ApiKeysHandler>();
}
