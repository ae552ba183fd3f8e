using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Binding;
using OpenClaw.Models.Completions;

namespace OpenClaw.Models.Providers;

/// <summary>
/// Chat completions of an Azure OpenAI resource, with a key or a managed identity. Without <c>apiVersion</c> it uses the <c>v1</c>
/// paths; with one the model is the name of a deployment and part of the path. Source: Azure OpenAI REST API reference.
/// </summary>
internal sealed class AzureOpenAI : OpenAIApi
{
    public override string Name => "azure-openai";

    internal override string Replaces => "azure-openai-responses";

    internal override IReadOnlyList<string> OwnKeys => ["apiVersion", "clientId"];

    internal override bool TakesIdentity => true;

    public override string? DefaultUrl => null;

    public override string KeyHeader => "api-key";

    public override string BaseUrlOf(ProviderSection provider)
    {
        var url = UrlOf(provider);
        var resource = WithEnd(url.EndsWith("/openai/v1", StringComparison.Ordinal) ? url[..^3] : url, "/openai");
        return provider.ApiVersion is null ? resource + "/v1" : resource;
    }

    public override string ModelUrl(string baseUrl, ProviderSection provider, string path, string model) => provider.ApiVersion is null
        ? baseUrl + path
        : ServiceUrl(baseUrl, provider, $"/deployments/{Uri.EscapeDataString(model)}{path}");

    public override string ServiceUrl(string baseUrl, ProviderSection provider, string path) =>
        provider.ApiVersion is null ? baseUrl + path : $"{baseUrl}{path}?api-version={provider.ApiVersion}";

    public override IChatClient CreateClient(ModelProvider provider, string modelId) =>
        new CompletionsClient(provider.Transport.Value, modelId, id => DialectOf(provider, id, isAzure: true), provider.MaxAnswerChars);

    /// <summary>Lists the models of the resource, which costs no tokens. Deployments have no list outside the management API.</summary>
    public override ValueTask<ProviderHealth> CheckHealthAsync(ModelProvider provider, CancellationToken cancellationToken) =>
        provider.Transport.Value.CheckAsync("/models", cancellationToken);

    internal override void Check(SectionReader reader, ProviderSection section)
    {
        const string Example = "the endpoint of the resource, such as 'https://name.openai.azure.com'";
        if (!reader.Has("baseUrl"))
        {
            reader.Error("baseUrl", $"is missing: it is {Example}");
        }
        else if (section.BaseUrl is { } url && (url.Contains("/deployments", StringComparison.Ordinal) || new Uri(url).Query.Length > 0))
        {
            reader.Error("baseUrl", $"must be {Example}, without deployment and query");
        }

        var usesIdentity = section.Auth == "managed-identity";
        if (usesIdentity && section.ApiKey is not null)
        {
            reader.Error("apiKey", "has no use beside auth 'managed-identity': remove one of them");
        }

        if (!usesIdentity && section.ClientId is not null)
        {
            reader.Error("clientId", "needs auth 'managed-identity'");
        }
    }
}
