using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.AI;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class AzureOpenAITests
{
    private const string Api = "azure-openai";

    [Theory]
    [InlineData("", null, "/openai/v1/chat/completions")]
    [InlineData("/", null, "/openai/v1/chat/completions")]
    [InlineData("/openai", null, "/openai/v1/chat/completions")]
    [InlineData("/openai/v1", null, "/openai/v1/chat/completions")]
    [InlineData("", "2024-10-21", "/openai/deployments/test-model/chat/completions?api-version=2024-10-21")]
    [InlineData("/openai/v1/", "2024-10-21", "/openai/deployments/test-model/chat/completions?api-version=2024-10-21")]
    public async Task A_key_goes_to_the_paths_of_the_version(string end, string? version, string path)
    {
        await using var models = await ModelHarness.StartAsync(
            Api, configure: provider => (provider.BaseUrl, provider.ApiVersion) = (provider.BaseUrl + end, version));

        var answer = await models.AskAsync(options: new ChatOptions { MaxOutputTokens = 9 });

        var request = models.Upstream.Requests[0];
        Assert.Equal("hi", answer.Text);
        Assert.Equal((path, "sk-test-upstream"), (request.Path, request.Headers["api-key"]));
        Assert.False(request.Headers.ContainsKey("Authorization"));
        Assert.Equal(9, request.Body.GetProperty("max_completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData(null, "/openai/v1/embeddings")]
    [InlineData("2024-10-21", "/openai/deployments/test-model/embeddings?api-version=2024-10-21")]
    public async Task Embeddings_take_the_same_way(string? version, string path)
    {
        await using var models = await ModelHarness.StartAsync(
            Api, configure: provider => (provider.BaseUrl, provider.ApiVersion) = (provider.BaseUrl, version));

        Assert.Single(await models.Catalog.FindEmbedding("mock/test-model")!.Generator.GenerateAsync(["a"]));
        Assert.Equal((path, "sk-test-upstream"), (models.Upstream.Requests[0].Path, models.Upstream.Requests[0].Headers["api-key"]));
    }

    [Fact]
    public async Task An_identity_is_asked_at_the_first_call_and_its_token_sent()
    {
        var asked = new List<string?>();
        await using var models = await StartWithIdentityAsync(
            clientId =>
            {
                asked.Add(clientId);
                return DelegatedTokenCredential.Create(
                    (context, _) => new AccessToken(string.Join(' ', context.Scopes), DateTimeOffset.MaxValue));
            },
            "11111111-2222-3333-4444-555555555555");
        _ = models.Client;
        Assert.Empty(asked);

        await models.AskAsync();
        await models.AskAsync();

        Assert.Equal(["11111111-2222-3333-4444-555555555555"], asked);
        Assert.All(models.Upstream.Requests, request =>
        {
            Assert.Equal("Bearer https://cognitiveservices.azure.com/.default", request.Headers["Authorization"]);
            Assert.False(request.Headers.ContainsKey("api-key"));
        });
    }

    [Fact]
    public async Task A_token_is_kept_until_it_is_about_to_expire()
    {
        var endpoint = new MetadataEndpoint(TimeSpan.FromSeconds(60), TimeSpan.FromDays(1));
        await using var models = await StartWithIdentityAsync(clientId => endpoint.CreateCredential(clientId!), Guid.NewGuid().ToString());

        await models.AskAsync();
        await models.AskAsync();
        await models.AskAsync();

        Assert.Equal(["Bearer token-1", "Bearer token-2", "Bearer token-2"], models.Upstream.Requests.Select(
            request => request.Headers["Authorization"]));
        Assert.All(endpoint.Queries, query =>
            Assert.EndsWith("resource=https://cognitiveservices.azure.com", query.Split("&client_id")[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_identity_that_gives_no_token_is_a_503_and_nothing_is_sent()
    {
        await using var models = await StartWithIdentityAsync(_ => DelegatedTokenCredential.Create(
            (_, _) => throw new CredentialUnavailableException("ManagedIdentityCredential authentication unavailable.")));

        var error = await models.FailAsync();

        Assert.Equal((503, "identity_unavailable"), (error.Status, error.Code));
        Assert.Empty(models.Upstream.Requests);
        Assert.Contains(models.Logs, line => line.StartsWith("Error: No access token for provider mock", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Neither_key_nor_token_is_shown_when_the_service_repeats_it(bool usesIdentity)
    {
        await using var models = usesIdentity
            ? await StartWithIdentityAsync(
                _ => DelegatedTokenCredential.Create((_, _) => new AccessToken("eyJ.secret.token", DateTimeOffset.MaxValue)))
            : await ModelHarness.StartAsync(Api);
        models.Upstream.Always(
            call => call.RespondAsync(401, """{"error":{"code":"401","message":"Access denied: eyJ.secret.token sk-test-upstream"}}"""));

        var error = await models.FailAsync();

        Assert.Equal("upstream_authentication", error.Code);
        Assert.NotEmpty(models.Logs);
        Assert.DoesNotContain(
            models.Logs.Append(error.Message), line => line.Contains(usesIdentity ? "secret" : "sk-test", StringComparison.Ordinal));
    }

    private static Task<ModelHarness> StartWithIdentityAsync(Func<string?, TokenCredential> credential, string? clientId = null) =>
        ModelHarness.StartAsync(
        Api,
        configure: provider =>
            (provider.BaseUrl, provider.ApiKey, provider.Auth, provider.ClientId) = (provider.BaseUrl, null, "managed-identity", clientId),
        credential: credential);

    /// <summary>A virtual machine's metadata endpoint: gives token-1, token-2 … with these lifetimes, the last one for all that
    /// follow.</summary>
    private sealed class MetadataEndpoint(params TimeSpan[] lifetimes) : HttpMessageHandler
    {
        public List<string> Queries { get; } = [];

        public ManagedIdentityCredential CreateCredential(string clientId) => new ManagedIdentityCredential(
            new ManagedIdentityCredentialOptions(
                ManagedIdentityId.FromUserAssignedClientId(clientId))
            { Transport = new HttpClientTransport(this) });

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Queries.Add(request.RequestUri!.Query);
            var expires = DateTimeOffset.UtcNow + lifetimes[Math.Min(Queries.Count, lifetimes.Length) - 1];
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent($$"""{"access_token":"token-{{Queries.Count}}","expires_on":"{{expires.ToUnixTimeSeconds()}}","token_type":"Bearer","resource":"r"}"""),
            });
        }
    }
}
