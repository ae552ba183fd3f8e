using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models;

public static class ModelServices
{
    /// <summary>Registers the models: how providers are called, and the catalog that finds a model behind a name.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton<ModelHttpOptions>()
        .AddSingleton<ModelAliases>()
        .AddSingleton<ModelCatalog>();
}
