using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

[Trait("Feature", "F13")]
[Trait("Feature", "D22")]
public sealed class CorsTests(TokenHosts hosts) : IClassFixture<TokenHosts>
{
    private const string Chat = "/v1/chat/completions";

    private static readonly (string, string) FromFriend = ("Origin", TwoHosts.Friend);

    /// <summary>What the SDKs of OpenAI and Anthropic send from a page, and what a page may add.</summary>
    private const string SdkHeaders =
        "authorization,content-type,x-stainless-arch,x-stainless-retry-count,x-stainless-timeout,anthropic-version,anthropic-beta,"
        + "anthropic-dangerous-direct-browser-access,x-api-key,openai-organization,idempotency-key,x-openclaw-session-key,traceparent";

    [Theory]
    [InlineData(false, Chat, "POST")]
    [InlineData(true, Chat, "POST")]
    [InlineData(false, "/api/v1/keys/some", "DELETE")]
    [InlineData(true, "/api/v1/keys/some", "DELETE")]
    [InlineData(false, "/nowhere", "GET")]
    [InlineData(true, "/nowhere", "GET")]
    public async Task A_preflight_of_a_listed_origin_is_answered_without_credentials(bool isWorker, string path, string method)
    {
        using var answer = await hosts.SendAsync(
            isWorker, HttpMethod.Options, path, null, FromFriend, ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", SdkHeaders));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(TwoHosts.Friend, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(answer, "Access-Control-Allow-Credentials"));
        Assert.Contains(method, Header(answer, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal(SdkHeaders.Split(','), Header(answer, "Access-Control-Allow-Headers").Split(", "));
        Assert.Equal("7200", Header(answer, "Access-Control-Max-Age"));
        Assert.Equal(["Access-Control-Request-Headers", "Origin"], Vary(answer));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_preflight_of_another_origin_is_403_and_names_the_key(bool isWorker)
    {
        foreach (var origin in (string[])[TwoHosts.Stranger, "null", "http://app.example.com", "https://app.example.com.evil.example"])
        {
            using var answer = await hosts.SendAsync(
                isWorker, HttpMethod.Options, Chat, null, ("Origin", origin), ("Access-Control-Request-Method", "POST"));
            var error = await answer.ReadErrorAsync();

            Assert.Equal((HttpStatusCode.Forbidden, "origin_not_allowed"), (answer.StatusCode, error.Code));
            Assert.Contains("gateway.http.cors.origins", error.Message, StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Headers_of_proxies_are_not_allowed_to_pages(bool isWorker)
    {
        using var answer = await hosts.SendAsync(
            isWorker, HttpMethod.Options, Chat, null, FromFriend, ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "x-title, x-forwarded-user, X-Real-IP, forwarded, x-ms-client-principal, bad\theader"));

        Assert.Equal("x-title", Header(answer, "Access-Control-Allow-Headers"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_may_ask_for_a_private_network(bool isWorker)
    {
        using var answer = await hosts.SendAsync(
            isWorker, HttpMethod.Options, Chat, null, ("Origin", "app://desk.example"), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Private-Network", "true"));

        Assert.Equal("app://desk.example", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(answer, "Access-Control-Allow-Private-Network"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_answer_to_a_listed_origin_may_be_read(bool isWorker)
    {
        const string model = """{"model":"openclaw","stream":true,"messages":[{"role":"user","content":"hi"}]}""";
        (HttpStatusCode Status, Func<Task<HttpResponseMessage>> Send)[] asked =
        [
            (HttpStatusCode.OK, () => hosts.SendAsync(isWorker, HttpMethod.Get, "/v1/models", null, FromFriend, TokenHosts.Token)),
            (HttpStatusCode.OK, () => hosts.SendAsync(isWorker, HttpMethod.Post, Chat, model, FromFriend, TokenHosts.Token)),
            (HttpStatusCode.OK, () => hosts.SendAsync(isWorker, HttpMethod.Get, "/health", null, FromFriend)),
            (HttpStatusCode.BadRequest, () => hosts.SendAsync(isWorker, HttpMethod.Post, Chat, "{", FromFriend, TokenHosts.Token)),
            (HttpStatusCode.Unauthorized, () => hosts.SendAsync(isWorker, HttpMethod.Post, Chat, model, FromFriend)),
            (HttpStatusCode.NotFound, () => hosts.SendAsync(isWorker, HttpMethod.Get, "/nowhere", null, FromFriend)),
            (HttpStatusCode.MethodNotAllowed, () => hosts.SendAsync(isWorker, HttpMethod.Delete, Chat, null, FromFriend, TokenHosts.Token)),
            (HttpStatusCode.RequestEntityTooLarge, () => hosts.SendAsync(
                isWorker, HttpMethod.Post, "/api/keys", new string(' ', 70_000), FromFriend, TokenHosts.Token)),
        ];
        foreach (var (status, send) in asked)
        {
            using var answer = await send();

            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(TwoHosts.Friend, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Contains("x-should-retry", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
            Assert.Contains("Origin", Vary(answer));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answers_to_other_origins_and_to_programs_differ_only_in_what_they_vary_by(bool isWorker)
    {
        using var stranger = await hosts.SendAsync(
            isWorker, HttpMethod.Get, "/v1/models", null, ("Origin", TwoHosts.Stranger), TokenHosts.Token);
        using var program = await hosts.SendAsync(isWorker, HttpMethod.Get, "/v1/models", null, TokenHosts.Token);

        Assert.All([stranger, program], answer =>
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode); // who shows the token is no page that only borrows a browser
            Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(["Origin"], Vary(answer));
        });
    }

    [Fact]
    public async Task Without_origins_in_the_configuration_there_is_nothing_of_cors()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.SendAsync(HttpMethod.Get, "/v1/models", GatewayHost.Token, FromFriend);
        using var preflight = await gateway.SendAsync(
            HttpMethod.Options, "/v1/models", null, FromFriend, ("Access-Control-Request-Method", "GET"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (answer.StatusCode, preflight.StatusCode));
        Assert.Empty(answer.Headers.Vary);
        Assert.DoesNotContain(
            answer.Headers.Concat(preflight.Headers), h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_changed_list_of_origins_takes_effect_at_once()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var store = (OpenClaw.Configuration.GatewayConfigStore)gateway.Services.GetService(
            typeof(OpenClaw.Configuration.GatewayConfigStore))!;
        store.Replace(TestConfig.Parse($"{{gateway: {{http: {{cors: {{origins: ['{TwoHosts.Friend}']}}}}}}}}").Config!);
        using var answer = await gateway.SendAsync(HttpMethod.Get, "/health", null, FromFriend);

        Assert.Equal(TwoHosts.Friend, Header(answer, "Access-Control-Allow-Origin"));
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? Assert.Single(values)
            : throw new InvalidOperationException($"There is no {name}.");

    private static IEnumerable<string> Vary(HttpResponseMessage answer) => answer.Headers.Vary.Order(StringComparer.Ordinal);
}
