using System.Net;
using OpenClaw.Functions;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>What every answer says beside its content.</summary>
public sealed class AnswerHeaderTests(TokenHosts hosts) : IClassFixture<TokenHosts>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "F3")]
    public async Task A_401_says_how_to_authenticate(bool isWorker)
    {
        using var nothing = await hosts.SendAsync(isWorker, HttpMethod.Get, "/v1/models");
        using var wrong = await hosts.SendAsync(isWorker, HttpMethod.Get, "/v1/models", null, ("Authorization", "Bearer guess"));
        using var envelope = await hosts.SendAsync(isWorker, HttpMethod.Get, "/api/status");
        using var anthropic = await hosts.SendAsync(isWorker, HttpMethod.Post, "/v1/messages", "{}");
        using var own = await hosts.SendAsync(isWorker, HttpMethod.Post, "/internal/runs/x", "{}");

        Assert.All([nothing, wrong, envelope, anthropic, own], a => Assert.Equal(HttpStatusCode.Unauthorized, a.StatusCode));
        Assert.All(
            [nothing, envelope, anthropic, own], a => Assert.Equal("Bearer realm=\"openclaw\"", a.Headers.WwwAuthenticate.ToString()));
        Assert.Equal("Bearer realm=\"openclaw\", error=\"invalid_token\"", wrong.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_answer_is_cached_or_sniffed_whether_it_succeeds_or_fails(bool isWorker)
    {
        const string chat = """{"model":"openclaw","stream":true,"messages":[{"role":"user","content":"hi"}]}""";
        (HttpMethod Method, string Path, string? Body, HttpStatusCode Status)[] asked =
        [
            (HttpMethod.Get, "/health", null, HttpStatusCode.OK),
            (HttpMethod.Get, "/v1/models", null, HttpStatusCode.OK),
            (HttpMethod.Post, "/v1/chat/completions", chat, HttpStatusCode.OK),
            (HttpMethod.Post, "/api/keys", """{"name":"shown once","scopes":["operator.read"]}""", HttpStatusCode.Created),
            (HttpMethod.Delete, "/api/media/media_0", null, HttpStatusCode.NotFound),
            (HttpMethod.Get, "/nowhere", null, HttpStatusCode.NotFound),
            (HttpMethod.Get, "/v1//models", null, HttpStatusCode.BadRequest),
            (HttpMethod.Put, "/v1/models", null, HttpStatusCode.MethodNotAllowed),
            (HttpMethod.Get, "/v1/responses", null, HttpStatusCode.UpgradeRequired),
            (HttpMethod.Options, "/v1/models", null, HttpStatusCode.NoContent),
        ];
        foreach (var (method, path, body, status) in asked)
        {
            using var answer = await hosts.SendAsync(isWorker, method, path, body, TokenHosts.Token);

            Assert.Equal((path, status), (path, answer.StatusCode));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
        }
    }

    [Fact]
    [Trait("Feature", "F33")]
    public void Every_route_that_answers_get_answers_head() => Assert.All(
        GatewayFunctions.Create().Http.Where(f => f.Methods.Contains("GET")), f => Assert.Contains("HEAD", f.Methods));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "F33")]
    public async Task Head_answers_like_get_without_the_body(bool isWorker)
    {
        (string Path, string? Accept)[] asked =
        [
            ("/health", null), ("/v1/models", null), ("/v1/models/none", null), ("/api/v1/status", null), ("/api/sessions", null),
            ("/sessions/nothing/history", "text/event-stream"), ("/v1/responses", null), ("/v1/files", null),
        ];
        foreach (var (path, accept) in asked)
        {
            using var get = await hosts.SendAsync(isWorker, HttpMethod.Get, path, null, TokenHosts.Token, ("Accept", accept ?? "*/*"));
            using var head = await hosts.SendAsync(isWorker, HttpMethod.Head, path, null, TokenHosts.Token, ("Accept", accept ?? "*/*"));

            Assert.Equal((path, get.StatusCode), (path, head.StatusCode));
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "F33")]
    public async Task Options_and_405_name_the_methods_of_the_path(bool isWorker)
    {
        using var options = await hosts.SendAsync(isWorker, HttpMethod.Options, "/v1/responses/some", null, TokenHosts.Token);
        using var wrong = await hosts.SendAsync(isWorker, HttpMethod.Put, "/v1/responses/some", null, TokenHosts.Token);
        using var stranger = await hosts.SendAsync(isWorker, HttpMethod.Options, "/v1/responses/some");
        using var nowhere = await hosts.SendAsync(isWorker, HttpMethod.Options, "/nowhere");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.MethodNotAllowed), (options.StatusCode, wrong.StatusCode));
        Assert.All([options, wrong], a => Assert.Equal(["DELETE", "GET", "HEAD", "OPTIONS"], a.Content.Headers.Allow));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (stranger.StatusCode, nowhere.StatusCode));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_that_depend_on_accept_say_so(bool isWorker)
    {
        const string message = """{"message":"hi","sessionId":"vary"}""";
        using var whole = await hosts.SendAsync(isWorker, HttpMethod.Post, "/api/chat", message, TokenHosts.Token);
        using var stream = await hosts.SendAsync(
            isWorker, HttpMethod.Post, "/api/chat", message, TokenHosts.Token, ("Accept", "text/event-stream"));

        Assert.Equal(("application/json", "text/event-stream"), (
            whole.Content.Headers.ContentType?.MediaType, stream.Content.Headers.ContentType?.MediaType));
        Assert.All([whole, stream], a => Assert.Contains("Accept", a.Headers.Vary));
    }
}
