using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Tools;

/// <summary>Tools that the gateway runs.</summary>
public static class ToolServices
{
    public static IServiceCollection AddTools(this IServiceCollection services) => services.AddSingleton<Toolbox>();
}
