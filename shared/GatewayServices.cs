using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Http;
using OpenClaw.Security;

namespace OpenClaw;

/// <summary>Names everything: the one place where floors of the house are wired together.</summary>
public static class GatewayServices
{
    public static IServiceCollection AddOpenClaw(this IServiceCollection services, GatewayConfigStore config) => services
        .AddSingleton(config)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Authenticator>()
        .AddSingleton<GatewayPipeline>();
}
