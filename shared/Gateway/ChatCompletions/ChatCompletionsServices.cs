using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.ChatCompletions;

internal static class ChatCompletionsServices
{
    public static IServiceCollection AddChatCompletions(this IServiceCollection services) => services
        .AddSingleton<ChatCompletionsHandler>();
}
