using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>models</c> section.</summary>
internal static class ModelsBinding
{
    private const int MostTokens = 1_000_000_000;

    private static readonly string[] Apis = ["openai-completions", "openai-responses", "azure-openai", "anthropic-messages", "echo"];

    /// <summary>Protocols of the original without a client here: such a provider is left out, so that files that list it still load.</summary>
    private static readonly string[] ForeignApis =
    [
        "openai-chatgpt-responses", "openai-codex-responses", "google-generative-ai", "google-vertex", "github-copilot",
        "bedrock-converse-stream", "ollama", "pi-messages",
    ];

    private static readonly string[] AzureKeys = ["apiVersion", "clientId"];

    private static readonly TextForm ApiForm = new(
        $"one of {string.Join(", ", Apis.Select(api => $"'{api}'"))}",
        api => Apis.Contains(api) || ForeignApis.Contains(api) || api is "openai" or "azure-openai-responses");

    public static ModelsSection Read(SectionReader reader)
    {
        reader.Choice("mode", "merge", "replace"); // the same here: there is no built-in catalogue to merge with
        return new ModelsSection
        {
            Providers = reader.Map("providers", TextForm.ProviderId, Provider)
                .Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal),
            Aliases = reader.MapOfText("aliases", TextForm.ModelReference, TextForm.ModelReference),
        };
    }

    private static ProviderSection? Provider(SectionReader reader)
    {
        var section = new ProviderSection
        {
            BaseUrl = reader.Text("baseUrl", TextForm.HttpUrl),
            ApiKey = reader.Secret("apiKey"),
            Auth = reader.Choice("auth", "api-key", "token", "managed-identity", "oauth", "aws-sdk"),
            ApiVersion = reader.Text("apiVersion", TextForm.ApiVersion),
            ClientId = reader.Text("clientId", TextForm.ClientId),
            HedgeAfterMs = (int?)reader.OptionalWhole("hedgeAfterMs", 1, 600_000),
            Headers = reader.Headers("headers"),
            Models = reader.List("models", Model),
        };
        if (section.Auth is "oauth" or "aws-sdk")
        {
            reader.Warn("auth", "has no effect here: apiKey and headers are used");
            section.Auth = null;
        }

        foreach (var twice in section.Models.GroupBy(model => model.Id).Where(group => group.Key.Length > 0 && group.Count() > 1))
        {
            reader.Error("models", $"lists '{twice.Key}' more than once");
        }

        var api = reader.Text("api", ApiForm);
        if (ForeignApis.Contains(api))
        {
            reader.Warn("api", "is a protocol that is not implemented here: the provider is left out");
            return null;
        }

        if (api == "azure-openai-responses")
        {
            reader.Warn("api", "is treated as 'azure-openai' here");
        }

        section.Api = api switch { null or "openai" => section.Api, "azure-openai-responses" => "azure-openai", _ => api };
        CheckAzure(reader, section);
        return section;
    }

    private static void CheckAzure(SectionReader reader, ProviderSection section)
    {
        var usesIdentity = section.Auth == "managed-identity";
        if (section.Api != "azure-openai")
        {
            foreach (var key in AzureKeys.Where(reader.Has))
            {
                reader.Error(key, "is a setting of the api 'azure-openai' only");
            }

            if (usesIdentity)
            {
                reader.Error("auth", "can be 'managed-identity' with the api 'azure-openai' only");
            }

            return;
        }

        if (!reader.Has("baseUrl"))
        {
            reader.Error("baseUrl", "is missing: it is the endpoint of the resource, such as 'https://name.openai.azure.com'");
        }
        else if (section.BaseUrl is { } url && (url.Contains("/deployments", StringComparison.Ordinal) || new Uri(url).Query.Length > 0))
        {
            reader.Error("baseUrl", "must be the endpoint of the resource, such as 'https://name.openai.azure.com', without deployment and query");
        }

        if (usesIdentity && section.ApiKey is not null)
        {
            reader.Error("apiKey", "has no use beside auth 'managed-identity': remove one of them");
        }

        if (!usesIdentity && section.ClientId is not null)
        {
            reader.Error("clientId", "needs auth 'managed-identity'");
        }
    }

    private static ModelSection Model(SectionReader reader)
    {
        var section = new ModelSection
        {
            Id = reader.Text("id", TextForm.NotBlank) ?? "",
            Name = reader.Text("name"),
            Reasoning = reader.Flag("reasoning", false),
            Input = reader.Texts("input", [], TextForm.Modality),
            ContextWindow = (int?)reader.OptionalWhole("contextWindow", 1, MostTokens),
            MaxTokens = (int?)reader.OptionalWhole("maxTokens", 1, MostTokens),
            Cost = reader.OptionalSection("cost", Cost),
        };
        if (!reader.Has("id"))
        {
            reader.Error("id", "is missing");
        }

        return section;
    }

    private static ModelCostSection Cost(SectionReader reader) => new()
    {
        Input = reader.Amount("input"),
        Output = reader.Amount("output"),
        CacheRead = reader.Amount("cacheRead"),
        CacheWrite = reader.Amount("cacheWrite"),
    };
}
