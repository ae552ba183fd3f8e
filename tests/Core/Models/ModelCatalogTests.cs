using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Models.Upstream;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class ModelCatalogTests
{
    [Theory]
    [InlineData("vllm/meta-llama/Llama-3", "vllm/meta-llama/Llama-3")]
    [InlineData("meta-llama/Llama-3", "vllm/meta-llama/Llama-3")]
    [InlineData("vllm/other", null)]
    [InlineData("small", "vllm/small")]
    [InlineData("shared", null)] // two providers list it
    [InlineData("open/shared", "open/shared")]
    [InlineData("any/thing/at:all", "any/thing/at:all")]
    [InlineData("thing", null)]
    [InlineData("any/", null)]
    [InlineData("/thing", null)]
    [InlineData("nobody/small", null)]
    [InlineData("claude-opus-4-20250514", "ant/claude-opus-4-20250514")]
    [InlineData("claude-listed", "open/claude-listed")]
    [InlineData("Small", null)]
    [InlineData("", null)]
    public void A_name_finds_one_model_or_none(string reference, string? found)
    {
        using var catalog = Create(new()
        {
            ["vllm"] = Provider("openai-completions", "meta-llama/Llama-3", "small", "shared"),
            ["open"] = Provider("openai-responses", "shared", "claude-listed"),
            ["any"] = Provider("openai-completions"),
            ["ant"] = Provider("anthropic-messages"),
        });

        Assert.Equal(found, catalog.Find(reference)?.Reference);
    }

    [Fact]
    public void An_anthropic_provider_with_a_list_serves_what_is_on_it()
    {
        using var catalog = Create(new() { ["ant"] = Provider("anthropic-messages", "claude-a") });

        Assert.Equal("ant/claude-a", catalog.Find("claude-a")?.Reference);
        Assert.Null(catalog.Find("claude-b"));
    }

    [Fact]
    public void Configured_models_are_listed_in_order()
    {
        using var catalog = Create(new() { ["b"] = Provider("openai-completions"), ["a"] = Provider("echo", "x", "y") });

        Assert.Equal(["a/x", "a/y"], catalog.List().Select(listing => listing.Reference));
        Assert.Equal("a/x", catalog.DefaultReference);
        Assert.Equal("x", catalog.Find("a/x")!.Info!.Id);
        Assert.Null(catalog.Find("b/z")!.Info);
    }

    [Fact]
    public void A_fresh_gateway_has_the_echo_model_and_a_configured_one_does_not()
    {
        using var fresh = Create([]);
        Assert.Equal("echo/echo", fresh.DefaultReference);
        Assert.Equal(["echo/echo"], fresh.List().Select(listing => listing.Reference));
        Assert.NotNull(fresh.Find("echo/echo"));

        using var configured = Create(new() { ["a"] = Provider("openai-completions", "x") });
        Assert.Null(configured.Find("echo/echo"));
    }

    [Fact]
    public void A_provider_without_embeddings_says_so()
    {
        using var catalog = Create(new() { ["p"] = Provider("anthropic-messages", "x") });

        Assert.Equal("provider_not_supported", Assert.Throws<GatewayException>(() => catalog.FindEmbedding("p/x")).Error.Code);
    }

    [Fact]
    public void Embeddings_come_from_the_memory_settings_when_none_are_named()
    {
        var config = new GatewayConfig
        {
            Models = new() { Providers = new Dictionary<string, ProviderSection> { ["a"] = Provider("echo", "chat") } },
            Memory = new() { Search = new() { Provider = "a", Model = "embed" } },
        };
        using var catalog = CreateFrom(config);

        Assert.Equal("a/embed", catalog.FindEmbedding()?.Reference);
        Assert.Equal("a/embed", catalog.FindEmbedding("embed")?.Reference);
        Assert.Equal("a/chat", catalog.FindEmbedding("a/chat")?.Reference);
        Assert.Null(catalog.FindEmbedding("a/other"));
        Assert.Null(catalog.Find("a/embed"));
        Assert.Null(Create(new Dictionary<string, ProviderSection> { ["a"] = Provider("echo", "chat") }).FindEmbedding());
    }

    [Fact]
    public async Task Provider_headers_are_sent_and_may_replace_the_key()
    {
        await using var models = await ModelHarness.StartAsync();
        var provider = models.Upstream.ProviderConfig();
        provider.BaseUrl += "///";
        provider.Headers = new Dictionary<string, string> { ["authorization"] = "Key abc", ["X-Title"] = "t" };
        models.Config.Replace(
            new GatewayConfig { Models = new() { Providers = new Dictionary<string, ProviderSection> { ["mock"] = provider } } });

        await models.AskAsync();

        var request = models.Upstream.Requests[0];
        Assert.Equal(("/v1/chat/completions", "Key abc", "t"), (
            request.Path, request.Headers["Authorization"], request.Headers["X-Title"]));
    }

    [Fact]
    public async Task A_reload_takes_effect_at_once_and_lets_running_answers_finish()
    {
        await using var models = await ModelHarness.StartAsync();
        var gate = new TaskCompletionSource();
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("a");
            await gate.Task;
            await call.FinishAsync();
        });
        var old = models.Client;
        await using var updates = old.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]).GetAsyncEnumerator();
        await updates.MoveNextAsync();

        var renamed = models.Upstream.ProviderConfig("openai-completions", "renamed");
        renamed.ApiKey = "sk-another";
        models.Config.Replace(
            new GatewayConfig { Models = new() { Providers = new Dictionary<string, ProviderSection> { ["mock"] = renamed } } });

        Assert.Null(models.Catalog.Find("mock/test-model"));
        Assert.Equal("hi", (await old.GetResponseAsync("hi")).Text); // a tool loop goes on with what it holds
        Assert.Equal("hi", (await models.Catalog.Find("mock/renamed")!.Client.GetResponseAsync("hi")).Text);
        Assert.Equal("Bearer sk-another", models.Upstream.Requests[^1].Headers["Authorization"]);
        models.Clock.Advance(TimeSpan.FromMinutes(30));
        gate.SetResult();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(ChatFinishReason.Stop, updates.Current.FinishReason);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => old.GetResponseAsync("hi"));
    }

    [Fact]
    public async Task A_reload_that_changes_only_the_list_keeps_the_connections()
    {
        await using var models = await ModelHarness.StartAsync();
        var old = models.Client;
        models.Config.Replace(models.Upstream.GatewayConfig(modelId: "more"));
        models.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("hi", (await old.GetResponseAsync("hi")).Text);
        Assert.Equal("mock/more", models.Catalog.DefaultReference);
    }

    private static ProviderSection Provider(string api, params string[] models) =>
        new() { Api = api, Models = [.. models.Select(id => new ModelSection { Id = id })] };

    private static ModelCatalog Create(Dictionary<string, ProviderSection> providers) =>
        CreateFrom(new GatewayConfig { Models = new ModelsSection { Providers = providers } });

    private static ModelCatalog CreateFrom(GatewayConfig config) =>
        new(new GatewayConfigStore(config), new ModelHttpOptions(), NullLogger<ModelCatalog>.Instance);
}
