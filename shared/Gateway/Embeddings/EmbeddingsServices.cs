using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Embeddings;

public static class EmbeddingsServices
{
    public static IServiceCollection AddEmbeddings(this IServiceCollection services) => services
        .AddSingleton<EmbeddingsHandler>();
}
