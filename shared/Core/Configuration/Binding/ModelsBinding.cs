using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>models</c> section.</summary>
/// <param name="apis">The APIs that providers may have, in the order in which messages name them.</param>
internal sealed class ModelsBinding(IReadOnlyList<ProviderRules> apis)
{
    private const int MostTokens = 1_000_000_000;

    /// <summary>Protocols of the original without a client here: such a provider is left out, so that its file still loads.</summary>
    private static readonly string[] ForeignApis =
    [
        "openai-chatgpt-responses", "openai-codex-responses", "google-generative-ai", "google-vertex", "github-copilot",
        "bedrock-converse-stream", "ollama", "pi-messages",
    ];

    private readonly TextForm _apiForm = new(
        $"one of {Quote(apis)}",
        text => ForeignApis.Contains(text) || apis.Any(api => text == api.Name || text == api.Alias || text == api.Replaces));

    public ModelsSection Read(SectionReader reader)
    {
        reader.Choice("mode", "merge", "replace"); // the same here: there is no built-in catalogue to merge with
        return new ModelsSection
        {
            Providers = reader.Map("providers", TextForm.ProviderId, Provider)
                .Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal),
            Aliases = reader.MapOfText("aliases", TextForm.ModelReference, TextForm.ModelReference),
            MaxAnswerChars = reader.Whole("maxAnswerChars", ModelsSection.DefaultMaxAnswerChars, 1, int.MaxValue),
        };
    }

    private ProviderSection? Provider(SectionReader reader)
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
            Compat = reader.OptionalSection("compat", CompatBinding.Read) ?? new CompatSection(),
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

        var text = reader.Text("api", _apiForm);
        if (ForeignApis.Contains(text))
        {
            reader.Warn("api", "is a protocol that is not implemented here: the provider is left out");
            return null;
        }

        var api = apis.FirstOrDefault(known => text is not null && (text == known.Name || text == known.Alias || text == known.Replaces))
            ?? apis.First(known => known.Name == section.Api);
        if (text is not null && text == api.Replaces)
        {
            reader.Warn("api", $"is treated as '{api.Name}' here");
        }

        section.Api = api.Name;
        CheckForeignSettings(reader, section, api);
        api.Check(reader, section);
        return section;
    }

    private void CheckForeignSettings(SectionReader reader, ProviderSection section, ProviderRules api)
    {
        foreach (var other in apis.Where(other => other != api))
        {
            foreach (var key in other.OwnKeys.Where(reader.Has))
            {
                reader.Error(key, $"is a setting of the api '{other.Name}' only");
            }
        }

        if (section.Auth == "managed-identity" && !api.TakesIdentity)
        {
            reader.Error("auth", $"can be 'managed-identity' with the api {Quote(apis.Where(other => other.TakesIdentity))} only");
        }
    }

    private static string Quote(IEnumerable<ProviderRules> apis) => string.Join(", ", apis.Select(api => $"'{api.Name}'"));

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
            Compat = reader.OptionalSection("compat", CompatBinding.Read),
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
