using System.Net;
using System.Net.Http.Headers;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Security;

public class AuthenticationTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer")]
    [InlineData("Basic dGVzdA==")]
    [InlineData("bearer  ")]
    [Trait("Feature", "F17")]
    [Trait("Feature", "F30")]
    public async Task A_call_without_the_token_is_401_in_the_shape_of_the_surface(string? authorization)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var answer = await GetModelsAsync(gateway, authorization is null ? [] : [("Authorization", authorization)]);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("invalid_api_key", (await answer.ReadErrorAsync()).Code);
    }

    [Fact]
    [Trait("Feature", "F18")]
    public async Task In_password_mode_the_password_is_the_bearer_value()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c =>
        {
            c.Gateway.Auth.Token = null;
            c.Gateway.Auth.Mode = "password";
            c.Gateway.Auth.Password = "a pass phrase, with spaces";
        });
        using var wrong = await gateway.Client.GetAsync("/v1/models");
        using var right = await GetModelsAsync(gateway, ("Authorization", "Bearer a pass phrase, with spaces"));

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    [Trait("Feature", "F25")]
    [Trait("Feature", "T4")]
    public async Task A_shared_secret_is_the_whole_operator_whatever_scopes_the_request_claims()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await GetModelsAsync(gateway, ("x-openclaw-scopes", "operator.approvals"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("operator.read", HttpStatusCode.OK)]
    [InlineData("operator.write", HttpStatusCode.OK)]
    [InlineData("operator.approvals", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    [InlineData("operator.unheard-of", HttpStatusCode.Forbidden)]
    [Trait("Feature", "F21")]
    [Trait("Feature", "F26")]
    [Trait("Feature", "F24")]
    [Trait("Feature", "D30")]
    public async Task Without_authentication_the_scopes_header_narrows_and_a_blank_one_leaves_nothing(
        string? scopes, HttpStatusCode expected)
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Gateway.Auth.Mode = "none");
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var answer = await GetModelsAsync(gateway, scopes is null ? [] : [("x-openclaw-scopes", scopes)]);

        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.Forbidden)
        {
            Assert.Equal("missing_scope", (await answer.ReadErrorAsync()).Code);
        }
    }

    [Fact]
    [Trait("Feature", "F20")]
    public async Task A_trusted_proxy_on_this_host_vouches_for_its_user_only_when_loopback_is_allowed()
    {
        await using var closed = await StartBehindProxyAsync(allowLoopback: false);
        await using var open = await StartBehindProxyAsync(allowLoopback: true);
        using var refused = await GetModelsAsync(closed, ("x-forwarded-user", "ada@example.com"));
        using var allowed = await GetModelsAsync(open, ("x-forwarded-user", "ada@example.com"));
        using var nobody = await GetModelsAsync(open);
        using var stranger = await GetModelsAsync(open, ("x-forwarded-user", "eve@example.com"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("proxy_attribution_required", (await refused.ReadErrorAsync()).Code);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T14")]
    [Trait("Feature", "T13")]
    public async Task Identity_headers_of_anybody_else_are_not_believed()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var answer = await GetModelsAsync(
            gateway, ("X-Forwarded-User", "admin"), ("X-Forwarded-For", "127.0.0.1"), ("x-ms-client-principal-name", "admin"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T4")]
    public async Task An_identity_cannot_ask_for_more_than_it_was_granted()
    {
        await using var gateway = await StartBehindProxyAsync(allowLoopback: true);
        using var more = await GetModelsAsync(gateway, ("x-forwarded-user", "bob@example.com"), ("x-openclaw-scopes", "operator.admin"));
        using var enough = await GetModelsAsync(gateway, ("x-forwarded-user", "Bob@Example.com"));

        Assert.Equal(HttpStatusCode.Forbidden, more.StatusCode);
        Assert.Equal(HttpStatusCode.OK, enough.StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_a_direct_local_caller_may_use_the_password_unless_a_forwarding_header_shows()
    {
        await using var gateway = await StartBehindProxyAsync(allowLoopback: true);
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "local-password");
        using var direct = await GetModelsAsync(gateway);
        using var forwarded = await GetModelsAsync(gateway, ("X-Real-IP", "10.0.0.1"));

        Assert.Equal(HttpStatusCode.OK, direct.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, forwarded.StatusCode);
    }

    [Fact]
    [Trait("Feature", "D14")]
    public async Task Ten_wrong_secrets_lock_the_client_out_but_never_the_right_secret()
    {
        await using var gateway = await GatewayHost.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await GetModelsAsync(gateway, ("Authorization", "Bearer guess"));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var locked = await GetModelsAsync(gateway, ("Authorization", "Bearer guess"));
        using var right = await gateway.Client.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.Equal("auth_rate_limited", (await locked.ReadErrorAsync()).Code);
        Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 290, 300);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Theory]
    [InlineData("10.1.2.3", "::ffff:10.1.2.3")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")]
    [Trait("Feature", "T12")]
    public void Spellings_of_one_client_count_together(string one, string other) =>
        Assert.Equal(OpenClaw.Gateway.Pipeline.ClientAddress.Bucket(IPAddress.Parse(one)), OpenClaw.Gateway.Pipeline.ClientAddress.Bucket(
            IPAddress.Parse(other)));

    [Fact]
    [Trait("Feature", "T9")]
    public void Candidates_of_any_length_are_compared()
    {
        var secret = new OpenClaw.Security.Secret("the secret");
        for (var length = 0; length <= 512; length++)
        {
            Assert.False(secret.Matches(new string('t', length)));
        }

        Assert.True(secret.Matches("the secret"));
    }

    [Fact]
    public async Task Without_any_credentials_configured_protected_calls_are_503_and_health_still_answers()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Gateway.Auth.Token = null);
        using var answer = await gateway.Client.GetAsync("/v1/models");
        using var health = await gateway.Client.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("auth_not_configured", (await answer.ReadErrorAsync()).Code);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("access_token")]
    [InlineData("password")]
    [InlineData("KEY")]
    [Trait("Feature", "T10")]
    public async Task A_secret_in_the_query_is_400_even_with_a_good_header_and_is_not_logged(string name)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.Client.GetAsync($"/v1/models?{name}=canary-8842");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("credential_in_query", (await answer.ReadErrorAsync()).Code);
        Assert.DoesNotContain("canary-8842", gateway.Log, StringComparison.Ordinal);
    }

    private static async Task<GatewayHost> StartBehindProxyAsync(bool allowLoopback)
    {
        var gateway = await GatewayHost.StartAsync(configure: c =>
        {
            c.Gateway.Auth.Mode = "trusted-proxy";
            c.Gateway.Auth.Token = null;
            c.Gateway.Auth.Password = "local-password";
            c.Gateway.TrustedProxies = ["127.0.0.1", "::1"];
            c.Gateway.Auth.TrustedProxy = new()
            {
                UserHeader = "x-forwarded-user",
                AllowLoopback = allowLoopback,
                AllowUsers = ["ada@example.com", "bob@example.com"],
                IdentityScopes = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["ada@example.com"] = ["operator.admin"],
                    ["bob@example.com"] = ["operator.read"],
                },
            };
        });
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        return gateway;
    }

    private static async Task<HttpResponseMessage> GetModelsAsync(GatewayHost gateway, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Client.SendAsync(request);
    }
}
