using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>What each key takes and what is refused.</summary>
public partial class ConfigKeysTests
{
    [Fact]
    [Trait("Feature", "F63")]
    [Trait("Feature", "D16")]
    [Trait("Feature", "D17")]
    public void Responses_limits_default_to_the_documented_values()
    {
        var responses = Loaded("{}").Gateway.Http.Endpoints.Responses;

        Assert.Equal((20_000_000, 8), (responses.MaxBodyBytes, responses.MaxUrlParts));
        Assert.Equal((true, 5_242_880, 200_000), (responses.Files.AllowUrl, responses.Files.MaxBytes, responses.Files.MaxChars));
        Assert.Equal((3, 10_000), (responses.Files.MaxRedirects, responses.Files.TimeoutMs));
        Assert.Equal((4, 4_000_000, 200), (responses.Files.Pdf.MaxPages, responses.Files.Pdf.MaxPixels, responses.Files.Pdf.MinTextChars));
        Assert.Equal(
            ["text/plain", "text/markdown", "text/html", "text/csv", "application/json", "application/pdf"], responses.Files.AllowedMimes);
        Assert.Equal((true, 10_485_760, 3, 10_000),
            (responses.Images.AllowUrl, responses.Images.MaxBytes, responses.Images.MaxRedirects, responses.Images.TimeoutMs));
        Assert.Equal(["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif"],
            responses.Images.AllowedMimes);
        Assert.False(responses.Images.KeepMetadata);
        Assert.Empty(responses.Files.UrlAllowlist);
    }

    [Fact]
    [Trait("Feature", "F63")]
    [Trait("Feature", "D16")]
    [Trait("Feature", "D17")]
    public void Responses_limits_are_all_configurable()
    {
        var responses = Loaded("""
            {gateway: {http: {endpoints: {responses: {
              maxBodyBytes: 1e6, maxUrlParts: 0,
              files: {allowUrl: false, urlAllowlist: ['*.example.com'], allowedMimes: ['text/plain'], maxBytes: 1, maxChars: 60000, maxRedirects: 0,
                timeoutMs: 2, pdf: {maxPages: 3, maxPixels: 4, minTextChars: 0}},
              images: {allowUrl: false, urlAllowlist: ['a.b'], allowedMimes: ['image/png'], maxBytes: 5, maxRedirects: 6, timeoutMs: 7},
            }}}}}
            """).Gateway.Http.Endpoints.Responses;

        Assert.Equal((1_000_000, 0), (responses.MaxBodyBytes, responses.MaxUrlParts));
        Assert.Equal((false, 1, 60_000, 0, 2),
            (responses.Files.AllowUrl, responses.Files.MaxBytes, responses.Files.MaxChars, responses.Files.MaxRedirects,
                responses.Files.TimeoutMs));
        Assert.Equal(["*.example.com"], responses.Files.UrlAllowlist);
        Assert.Equal(["text/plain"], responses.Files.AllowedMimes);
        Assert.Equal((3, 4, 0), (responses.Files.Pdf.MaxPages, responses.Files.Pdf.MaxPixels, responses.Files.Pdf.MinTextChars));
        Assert.Equal((false, 5, 6, 7),
            (responses.Images.AllowUrl, responses.Images.MaxBytes, responses.Images.MaxRedirects, responses.Images.TimeoutMs));
        Assert.Equal(["image/png"], responses.Images.AllowedMimes);
    }

    [Fact]
    [Trait("Feature", "D24")]
    public void All_endpoints_are_off_unless_switched_on()
    {
        var off = Loaded("{}").Gateway.Http.Endpoints;
        var on = Loaded("{gateway: {http: {endpoints: {responses: {enabled: true}, chatCompletions: {enabled: true}, messages: {enabled: true}}}}}").Gateway.Http.Endpoints;

        Assert.Equal((false, false, false), (off.Responses.Enabled, off.ChatCompletions.Enabled, off.Messages.Enabled));
        Assert.Equal((true, true, true), (on.Responses.Enabled, on.ChatCompletions.Enabled, on.Messages.Enabled));
    }

    [Fact]
    [Trait("Feature", "R18")]
    public void The_limit_of_an_answer_is_configurable()
    {
        Assert.Equal(33_554_432, Loaded("{}").Models.MaxAnswerChars);
        Assert.Equal(1_000_000, Loaded("{models: {maxAnswerChars: 1e6}}").Models.MaxAnswerChars);
    }

    [Fact]
    public void Messages_and_aliases_have_their_keys()
    {
        var config = Loaded("{gateway: {http: {endpoints: {messages: {maxBodyBytes: 9}}}}, models: {aliases: {'claude-*': 'openclaw', 'gpt-4o': 'azure/gpt-4o'}}}");

        Assert.Equal(9, config.Gateway.Http.Endpoints.Messages.MaxBodyBytes);
        Assert.Equal(20_000_000, Loaded("{}").Gateway.Http.Endpoints.Messages.MaxBodyBytes);
        Assert.Equal(new Dictionary<string, string> { ["claude-*"] = "openclaw", ["gpt-4o"] = "azure/gpt-4o" }, config.Models.Aliases);
        Assert.Empty(Loaded("{}").Models.Aliases);
    }

    [Fact]
    public void Chat_completions_fetch_no_image_URLs_by_default()
    {
        var chat = Loaded("{gateway: {http: {endpoints: {chatCompletions: {images: {maxBytes: 9}}}}}}").Gateway.Http.Endpoints.ChatCompletions;

        Assert.Equal((false, 9, 8, 20_000_000), (chat.Images.AllowUrl, chat.Images.MaxBytes, chat.MaxImageParts, chat.MaxTotalImageBytes));
    }

    [Fact]
    [Trait("Feature", "F60")]
    public void URLs_from_callers_must_be_https_on_port_443_by_default()
    {
        var defaults = Loaded("{}").Gateway.Http.Outbound;
        var set = Loaded("{gateway: {http: {outbound: {allowHttp: true, ports: [443, 8443]}}}}").Gateway.Http.Outbound;
        var variable = Loaded("{}", new() { ["OPENCLAW__gateway__http__outbound__ports"] = "[8443]" }).Gateway.Http.Outbound;

        Assert.False(defaults.AllowHttp);
        Assert.Equal([443], defaults.Ports);
        Assert.True(set.AllowHttp);
        Assert.Equal([443, 8443], set.Ports);
        Assert.Equal([8443], variable.Ports);
    }

    [Theory]
    [InlineData("{hooks: {gmail: {}}}", "hooks.gmail is a setting of the original OpenClaw that has no effect here.")]
    [InlineData("{gateway: {auth: {allowTailscale: true}}}",
        "gateway.auth.allowTailscale has no effect here: let Tailscale Serve be a trusted proxy, with the mode 'trusted-proxy' and 'tailscale-user-login' as trustedProxy.userHeader.")]
    [Trait("Feature", "F74")]
    [Trait("Feature", "F22")]
    public void A_key_without_effect_is_told(string text, string warning)
    {
        var result = TestConfig.Parse(text);

        Assert.NotNull(result.Config);
        Assert.Equal(warning, Assert.Single(result.Warnings).Message);
    }

    [Fact]
    [Trait("Feature", "F10")]
    public void The_media_store_has_the_documented_defaults_and_can_be_set()
    {
        var defaults = Loaded("{}").Gateway.Http.Media;
        var set = Loaded("""
            {gateway: {http: {media: {enabled: false, maxBytes: 1, ttlSeconds: 2, maxTtlSeconds: 3, quotaBytes: 4e12, ticketSeconds: 5, allowedMimes: ['image/png']}}}}
            """).Gateway.Http.Media;

        Assert.Equal((true, 26_214_400, 86_400, 604_800, 1_073_741_824, 300),
            (defaults.Enabled, defaults.MaxBytes, defaults.TtlSeconds, defaults.MaxTtlSeconds, defaults.QuotaBytes,
                defaults.TicketSeconds));
        Assert.Empty(defaults.AllowedMimes);
        Assert.Equal((false, 1, 2, 3, 4_000_000_000_000, 5), (
            set.Enabled, set.MaxBytes, set.TtlSeconds, set.MaxTtlSeconds, set.QuotaBytes, set.TicketSeconds));
        Assert.Equal(["image/png"], set.AllowedMimes);
    }

    [Fact]
    public void The_whole_of_auth_is_read()
    {
        var gateway = Loaded("""
            {gateway: {
              bind: 'lan', publicUrl: 'https://gw.example.com/base', trustedProxies: ['10.0.0.0/8', '::1'],
              http: {cors: {origins: ['https://app.example.com', 'http://localhost:3000', 'chrome-extension://abc']}},
              auth: {
                mode: 'trusted-proxy', password: 'local',
                trustedProxy: {userHeader: 'x-user', requiredHeaders: ['x-a'], allowUsers: ['ann'], allowLoopback: true,
                  secretHeader: 'x-proxy', secret: {source: 'env', provider: 'default', id: 'PROXY'}},
                identityScopes: {'ann@example.com': ['operator.read', 'operator.talk']},
                rateLimit: {maxAttempts: 1, windowMs: 2, lockoutMs: 3, exemptLoopback: true},
              },
            }}
            """, new() { ["PROXY"] = "s3cret" }).Gateway;

        Assert.Equal(("lan", "https://gw.example.com/base"), (gateway.Bind, gateway.PublicUrl));
        Assert.Equal(["10.0.0.0/8", "::1"], gateway.TrustedProxies);
        Assert.Equal(["https://app.example.com", "http://localhost:3000", "chrome-extension://abc"], gateway.Http.Cors.Origins);
        Assert.Equal(("trusted-proxy", "local"), (gateway.Auth.Mode, gateway.Auth.Password));
        var proxy = gateway.Auth.TrustedProxy!;
        Assert.Equal(("x-user", "x-proxy", "s3cret", true), (proxy.UserHeader, proxy.SecretHeader, proxy.Secret, proxy.AllowLoopback));
        Assert.Equal(["x-a"], proxy.RequiredHeaders);
        Assert.Equal(["ann"], proxy.AllowUsers);
        Assert.Equal(["operator.read", "operator.talk"], proxy.IdentityScopes["ann@example.com"]);
        var limit = gateway.Auth.RateLimit;
        Assert.Equal((1, 2, 3, true), (limit.MaxAttempts, limit.WindowMs, limit.LockoutMs, limit.ExemptLoopback));
    }

    [Fact]
    [Trait("Feature", "D10")]
    [Trait("Feature", "F19")]
    public void Flat_spellings_are_read_with_a_warning_each()
    {
        var result = TestConfig.Parse("{gateway: {\n authToken: 'oc_gw_1',\n port: 8080}}");
        var password = TestConfig.Parse("{gateway: {password: 'p'}}");
        var same = TestConfig.Parse("{gateway: {authToken: 't', auth: {token: 't'}}}");

        Assert.Equal(("oc_gw_1", 8080), (result.Config!.Gateway.Auth.Token, result.Config.Gateway.Port));
        Assert.Equal("line 2, column 13: gateway.authToken is deprecated: write gateway.auth.token.", Assert.Single(
            result.Warnings).ToString());
        Assert.Equal("p", password.Config!.Gateway.Auth.Password);
        Assert.Equal("gateway.password is deprecated: write gateway.auth.password.", Assert.Single(password.Warnings).Message);
        Assert.Equal("t", same.Config!.Gateway.Auth.Token);
    }

    [Fact]
    [Trait("Feature", "D10")]
    public void The_nested_spelling_is_read_without_a_warning()
    {
        var result = TestConfig.Parse("{gateway: {auth: {mode: 'token', token: 't', password: 'p'}}}");

        Assert.Equal(("t", "p"), (result.Config!.Gateway.Auth.Token, result.Config.Gateway.Auth.Password));
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Blank_secrets_count_as_not_set()
    {
        var result = TestConfig.Parse("{gateway: {auth: {token: '', password: '  '}}}");

        Assert.Equal((null, null), (result.Config!.Gateway.Auth.Token, result.Config.Gateway.Auth.Password));
        Assert.Equal("gateway.auth.token is blank and counts as not set.", result.Warnings[0].Message);
    }

    private static GatewayConfig Loaded(string text, Dictionary<string, string>? environment = null)
    {
        var result = TestConfig.Parse(text, environment);
        Assert.True(result.Config is not null, string.Join('\n', result.Errors));
        return result.Config;
    }
}
