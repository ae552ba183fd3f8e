using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Messages;

internal static class MessagesServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services) => services
        .AddSingleton<MessagesHandler>();
}
