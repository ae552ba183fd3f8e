using OpenClaw.Configuration;

namespace OpenClaw.Models.Providers;

/// <summary>The table of provider APIs: the only place where a new one is registered.</summary>
public static class ProviderApis
{
    internal static IReadOnlyList<ProviderApi> All { get; } =
        [new OpenAICompletions(), new OpenAIResponses(), new AzureOpenAI(), new Anthropic(), new Echo()];

    /// <summary>What the configuration must know of them.</summary>
    public static IReadOnlyList<ProviderRules> Rules => All;

    /// <summary>Null when there is none.</summary>
    /// <param name="name">A value of <c>api</c>.</param>
    internal static ProviderApi? Find(string name) => All.FirstOrDefault(api => api.Name == name);

    /// <summary>The API whose maker's models have ids that begin like this one; null when there is none.</summary>
    internal static ProviderApi? MakerOf(string modelId) =>
        All.FirstOrDefault(api => api.ModelPrefix is { } prefix && modelId.StartsWith(prefix, StringComparison.Ordinal));
}
