using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models.Echo;

namespace OpenClaw.Models.Providers;

/// <summary>The built-in model: no provider, no network.</summary>
internal sealed class Echo : ProviderApi
{
    /// <summary>Also the id of the provider and of the model of a gateway without providers.</summary>
    public const string Id = "echo";

    public override string Name => Id;

    /// <summary>The provider of a gateway that has none configured.</summary>
    public static ProviderSection CreateSection() =>
        new() { Api = Id, Models = [new() { Id = Id, Name = "Echo", Input = ["text", "image"] }] };

    public override IChatClient CreateClient(ModelProvider provider, string modelId) => new EchoChatClient(modelId);

    public override IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(ModelProvider provider, string modelId) =>
        new EchoEmbeddings(modelId);

    public override ValueTask<ProviderHealth> CheckHealthAsync(ModelProvider provider, CancellationToken cancellationToken) =>
        ValueTask.FromResult(ProviderHealth.Connected);
}
