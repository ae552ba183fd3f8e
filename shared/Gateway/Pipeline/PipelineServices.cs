using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Services that run around every function.</summary>
public static class PipelineServices
{
    public static IServiceCollection AddPipeline(this IServiceCollection services) => services
        .AddSingleton<TrustedProxyAuthenticator>()
        .AddSingleton<ApiKeyAuthenticator>()
        .AddSingleton<DeviceAuthenticator>()
        .AddSingleton<Authenticator>()
        .AddSingleton<OriginRules>()
        .AddSingleton<AmbientCallers>()
        .AddSingleton<Cors>()
        .AddSingleton<RateLimitHeaders>()
        .AddSingleton<GatewayPipeline>();
}
