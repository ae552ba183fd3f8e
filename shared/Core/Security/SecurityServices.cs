using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Security.Keys;
using OpenClaw.Security.Limits;
using OpenClaw.Security.Rights;

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
        .AddSingleton<BodyBudget>()
        .AddSingleton<CurrentAuth>()
        .AddSingleton<ICallerSource, OperatorSource>()
        .AddSingleton<ICallerSource, ProxyUserSource>()
        .AddSingleton<ICallerSource, ApiKeySource>()
        .AddSingleton<ICallerSource, ChannelSource>()
        .AddSingleton(static provider => new CallerRights(
            provider.GetServices<ICallerSource>(), provider.GetRequiredService<RateLimiter>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CallerRights>>()))
        .AddSingleton<InternalSecret>();
}
