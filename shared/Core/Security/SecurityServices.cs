using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Security.Keys;
using OpenClaw.Security.Limits;

namespace OpenClaw.Security;

/// <summary>Keys, limits and secrets.</summary>
public static class SecurityServices
{
    public static IServiceCollection AddSecurity(this IServiceCollection services) => services
        .AddSingleton<FailedAuthTable>()
        .AddSingleton<FailedAuthLimiter>()
        .AddSingleton<ApiKeyCache>()
        .AddSingleton<ApiKeyStore>()
        .AddSingleton<RateLimitTable>()
        .AddSingleton<RateLimiter>()
        .AddSingleton<InternalSecret>();
}
