using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>What the configuration says of a provider's servers, for all its models and for one.</summary>
public class CompatTests
{
    [Fact]
    public void Settings_of_a_model_come_before_those_of_its_provider()
    {
        var provider = Provider("""
            {baseUrl: "http://127.0.0.1:1/v1", compat: {maxTokensField: "max_tokens", supportsTemperature: false, reasoningField: "none"},
             models: [{id: "a", compat: {supportsTemperature: true, requiresMistralToolIds: true}}, {id: "b"}]}
            """);
        var own = provider.Models[0].Compat!.Over(provider.Compat);

        Assert.Equal(
            new CompatSection
            {
                MaxTokensField = "max_tokens",
                SupportsTemperature = true,
                ReasoningField = "none",
                RequiresMistralToolIds = true,
            },
            own);
        Assert.Null(provider.Models[1].Compat);
    }

    [Fact]
    public void Every_setting_of_a_provider_holds_for_a_model_that_says_nothing()
    {
        var provider = new CompatSection
        {
            SupportsDeveloperRole = true,
            SupportsUsageInStreaming = true,
            SupportsReasoningEffort = true,
            SupportsTemperature = true,
            SupportsStrictMode = true,
            SupportsTools = true,
            MaxTokensField = "max_tokens",
            ReasoningField = "reasoning",
            RequiresReasoningContentOnAssistantMessages = true,
            RequiresToolResultName = true,
            RequiresAssistantAfterToolResult = true,
            RequiresMistralToolIds = true,
            RequiresAlternatingRoles = true,
        };

        Assert.All(typeof(CompatSection).GetProperties(), property => Assert.NotNull(property.GetValue(provider)));
        Assert.Equal(provider, new CompatSection().Over(provider));
    }

    [Theory]
    [InlineData("{maxTokensField: \"limit\"}", "maxTokensField")]
    [InlineData("{reasoningField: \"thinking\"}", "reasoningField")]
    [InlineData("{supportsTemperature: 1}", "supportsTemperature")]
    [InlineData("{supportsTemprature: true}", "supportsTemprature")]
    public void A_wrong_setting_is_an_error(string compat, string key) => Assert.Contains(
        Load($$"""{baseUrl: "http://127.0.0.1:1/v1", compat: {{compat}}}""").Errors,
        error => error.Path == $"models.providers.p.compat.{key}");

    [Fact]
    public void A_setting_of_the_original_that_is_not_built_here_is_a_warning()
    {
        var result = Load("""{baseUrl: "http://127.0.0.1:1/v1", compat: {thinkingFormat: "zai", supportsStore: false}}""");

        Assert.Empty(result.Errors);
        Assert.Equal(2, result.Warnings.Count(warning => warning.Path.Contains("p.compat.", StringComparison.Ordinal)));
    }

    private static ProviderSection Provider(string json)
    {
        var result = Load(json);
        Assert.Empty(result.Errors);
        return result.Config!.Models.Providers["p"];
    }

    private static ConfigResult Load(string provider) =>
        TestConfig.Parse($$"""{ gateway: { auth: { mode: "token", token: "t0ken" } }, models: { providers: { p: {{provider}} } } }""");
}
