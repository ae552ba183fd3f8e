using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Tools;

public static class ToolsFrontServices
{
    public static IServiceCollection AddToolFronts(this IServiceCollection services) => services.AddSingleton<ToolsHandler>();
}
