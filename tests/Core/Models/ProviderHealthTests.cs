using Azure.Core;
using Azure.Identity;
using OpenClaw.Models;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

[Trait("Feature", "F76")]
public class ProviderHealthTests
{
    private const string Anthropic = "anthropic-messages";
    private const string Azure = "azure-openai";

    [Theory]
    [InlineData(Anthropic, null, "/v1/models?limit=1", "x-api-key")]
    [InlineData(Azure, null, "/openai/v1/models", "api-key")]
    [InlineData(Azure, "2024-10-21", "/openai/models?api-version=2024-10-21", "api-key")]
    public async Task A_check_lists_models_with_the_credentials_of_a_call(string api, string? version, string path, string keyHeader)
    {
        await using var models = await ModelHarness.StartAsync(api, configure: provider => provider.ApiVersion = version);

        Assert.Equal(ProviderHealth.Connected, await CheckAsync(models));
        var request = Assert.Single(models.Upstream.Requests);
        Assert.Equal(("GET", path, "sk-test-upstream"), (request.Method, request.Path, request.Headers[keyHeader]));
        Assert.Equal(api == Anthropic, request.Headers.ContainsKey("anthropic-version"));
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData(401, ProviderHealth.Unauthorized)]
    [InlineData(403, ProviderHealth.Unauthorized)]
    [InlineData(404, ProviderHealth.Connected)]
    [InlineData(429, ProviderHealth.Connected)]
    [InlineData(500, ProviderHealth.Unreachable)]
    [InlineData(529, ProviderHealth.Unreachable)]
    public async Task The_status_of_a_check_decides_and_is_not_retried(int status, ProviderHealth health)
    {
        foreach (var api in new[] { Anthropic, Azure })
        {
            await using var models = await ModelHarness.StartAsync(api);
            models.Upstream.NextStatus(status);

            Assert.Equal(health, await CheckAsync(models));
            Assert.Single(models.Upstream.Requests);
        }
    }

    [Theory]
    [InlineData(Anthropic)]
    [InlineData(Azure)]
    public async Task A_provider_that_closes_the_connection_is_unreachable(string api)
    {
        await using var models = await ModelHarness.StartAsync(api);
        models.Upstream.Always(call =>
        {
            call.Reset();
            return Task.CompletedTask;
        });

        Assert.Equal(ProviderHealth.Unreachable, await CheckAsync(models));
        Assert.Contains(models.Logs, line => line.StartsWith("Warning: Health check of provider mock failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_provider_that_stays_silent_is_unreachable_after_five_seconds()
    {
        await using var models = await ModelHarness.StartAsync(Anthropic);
        models.Upstream.Next(call => call.HangAsync());

        var check = CheckAsync(models);
        await models.Upstream.RequestAsync(0).WaitAsync(ModelHarness.Patience);
        models.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(check.IsCompleted);
        models.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(ProviderHealth.Unreachable, await check.WaitAsync(ModelHarness.Patience));
    }

    [Fact]
    public async Task A_check_counts_for_a_minute_and_then_the_provider_is_asked_again()
    {
        await using var models = await ModelHarness.StartAsync(Anthropic);
        models.Upstream.NextStatus(401);

        Assert.Equal(ProviderHealth.Unauthorized, await CheckAsync(models));
        models.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(ProviderHealth.Unauthorized, await CheckAsync(models));
        Assert.Single(models.Upstream.Requests);
        models.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ProviderHealth.Connected, await CheckAsync(models));
    }

    [Theory]
    [InlineData(Anthropic)]
    [InlineData(Azure)]
    public async Task A_call_says_as_much_as_a_check(string api)
    {
        await using var models = await ModelHarness.StartAsync(api);
        await models.AskAsync();
        Assert.Equal(ProviderHealth.Connected, await CheckAsync(models));
        models.Upstream.NextStatus(401);
        await models.FailAsync();

        Assert.Equal(ProviderHealth.Unauthorized, await CheckAsync(models));
        Assert.All(models.Upstream.Requests, request => Assert.Equal("POST", request.Method));
    }

    [Fact]
    public async Task A_changed_key_is_checked_at_once()
    {
        await using var models = await ModelHarness.StartAsync(Anthropic);
        models.Upstream.NextStatus(401);
        Assert.Equal(ProviderHealth.Unauthorized, await CheckAsync(models));

        var config = models.Upstream.GatewayConfig(Anthropic);
        config.Models.Providers["mock"].ApiKey = "sk-another-key";
        models.Config.Replace(config);

        Assert.Equal(ProviderHealth.Connected, await CheckAsync(models));
        Assert.Equal("sk-another-key", models.Upstream.Requests[1].Headers["x-api-key"]);
    }

    [Theory]
    [InlineData("openai-completions")]
    [InlineData("openai-responses")]
    public async Task Compatible_servers_are_judged_by_calls_alone(string api)
    {
        await using var models = await ModelHarness.StartAsync(api);
        Assert.Equal(ProviderHealth.Configured, await CheckAsync(models));
        Assert.Empty(models.Upstream.Requests);

        await models.AskAsync();
        Assert.Equal(ProviderHealth.Connected, await CheckAsync(models));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_identity_sends_its_token_and_without_one_the_provider_is_unauthorized(bool hasToken)
    {
        await using var models = await ModelHarness.StartAsync(
            Azure,
            configure: provider => (provider.ApiKey, provider.Auth) = (null, "managed-identity"),
            credential: _ => DelegatedTokenCredential.Create((_, _) => hasToken
                ? new AccessToken("token-1", DateTimeOffset.MaxValue)
                : throw new CredentialUnavailableException("ManagedIdentityCredential authentication unavailable.")));

        Assert.Equal(hasToken ? ProviderHealth.Connected : ProviderHealth.Unauthorized, await CheckAsync(models));
        Assert.Equal(hasToken ? ["Bearer token-1"] : [], models.Upstream.Requests.Select(request => request.Headers["Authorization"]));
    }

    private static async Task<ProviderHealth> CheckAsync(ModelHarness models) =>
        Assert.Single(await models.Catalog.ListProvidersAsync(CancellationToken.None)).Health;
}
