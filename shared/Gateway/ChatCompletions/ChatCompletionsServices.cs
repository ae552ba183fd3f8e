using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.ChatCompletions;

public static class ChatCompletionsServices
{
    public static IServiceCollection AddChatCompletions(this IServiceCollection services) => services
        .AddSingleton<ChatCompletionsHandler>();
}
