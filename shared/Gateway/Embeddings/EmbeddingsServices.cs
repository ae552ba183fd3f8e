using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Embeddings;

internal static class EmbeddingsServices
{
    public static IServiceCollection AddEmbeddings(this IServiceCollection services) => services
        .AddSingleton<EmbeddingsHandler>();
}
