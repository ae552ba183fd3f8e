using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>What each key takes and what is refused.</summary>
public class ConfigKeysTests
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

    [Fact]
    [Trait("Feature", "F74")]
    public void Webhooks_have_the_documented_defaults_and_can_be_set()
    {
        var defaults = Loaded("{}").Gateway.Webhooks;
        var set = Loaded("{gateway: {webhooks: {verifySignature: false, timeout: 250, retryOnFailure: false}}}").Gateway.Webhooks;

        Assert.Equal((true, 5000, true), (defaults.VerifySignature, defaults.TimeoutMs, defaults.RetryOnFailure));
        Assert.Equal((false, 250, false), (set.VerifySignature, set.TimeoutMs, set.RetryOnFailure));
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
              http: {cors: {origins: ['https://app.example.com', 'http://localhost:3000']}},
              auth: {
                mode: 'trusted-proxy', password: 'local', allowTailscale: true,
                trustedProxy: {userHeader: 'x-user', requiredHeaders: ['x-a'], allowUsers: ['ann'], allowLoopback: true,
                  secretHeader: 'x-proxy', secret: {source: 'env', provider: 'default', id: 'PROXY'}},
                identityScopes: {'ann@example.com': ['operator.read', 'operator.talk']},
                rateLimit: {maxAttempts: 1, windowMs: 2, lockoutMs: 3, exemptLoopback: false},
              },
            }}
            """, new() { ["PROXY"] = "s3cret" }).Gateway;

        Assert.Equal(("lan", "https://gw.example.com/base"), (gateway.Bind, gateway.PublicUrl));
        Assert.Equal(["10.0.0.0/8", "::1"], gateway.TrustedProxies);
        Assert.Equal(["https://app.example.com", "http://localhost:3000"], gateway.Http.Cors.Origins);
        Assert.Equal(("trusted-proxy", "local", true), (gateway.Auth.Mode, gateway.Auth.Password, gateway.Auth.AllowTailscale));
        var proxy = gateway.Auth.TrustedProxy!;
        Assert.Equal(("x-user", "x-proxy", "s3cret", true), (proxy.UserHeader, proxy.SecretHeader, proxy.Secret, proxy.AllowLoopback));
        Assert.Equal(["x-a"], proxy.RequiredHeaders);
        Assert.Equal(["ann"], proxy.AllowUsers);
        Assert.Equal(["operator.read", "operator.talk"], proxy.IdentityScopes["ann@example.com"]);
        var limit = gateway.Auth.RateLimit;
        Assert.Equal((1, 2, 3, false), (limit.MaxAttempts, limit.WindowMs, limit.LockoutMs, limit.ExemptLoopback));
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

    [Theory]
    [Trait("Feature", "D10")]
    [InlineData("{gateway: {authToken: 'canary-1', auth: {token: 'canary-2'}}}",
        "gateway.authToken and gateway.auth.token are both set, to different values.")]
    [InlineData("{gateway: {password: 'canary-1', auth: {password: 'canary-2'}}}",
        "gateway.password and gateway.auth.password are both set, to different values.")]
    public void Spellings_that_differ_are_an_error(string text, string message) =>
        Assert.Equal(message, Assert.Single(TestConfig.Parse(text).Errors).Message);

    [Theory]
    [InlineData("{gatewya: {}}", "gatewya is not a known key; did you mean 'gateway'?")]
    [InlineData("{gateway: {Port: 1}}", "gateway.Port is not a known key; did you mean 'port'?")]
    [InlineData("{gateway: {http: {endpoints: {response: {}}}}}",
        "gateway.http.endpoints.response is not a known key; did you mean 'responses'?")]
    [InlineData("{gateway: {zzz: 1}}", "gateway.zzz is not a known key.")]
    [InlineData("{agents: {entries: {main: {modle: 'a/b'}}}}", "agents.entries.main.modle is not a known key; did you mean 'model'?")]
    [InlineData("{models: {providers: {'a.b': {models: [{id: 'x', costs: {}}]}}}}",
        "models.providers[\"a.b\"].models[0].costs is not a known key; did you mean 'cost'?")]
    [InlineData("{agents: {$include: './agents.json5'}}", "agents.$include is not supported: put everything into one file.")]
    [InlineData("{gateway: []}", "gateway must be an object.")]
    [InlineData("{gateway: null}", "gateway must be an object.")]
    [InlineData("{gateway: {port: '18789'}}", "gateway.port must be a whole number from 1 to 65535.")]
    [InlineData("{gateway: {port: 0}}", "gateway.port must be a whole number from 1 to 65535.")]
    [InlineData("{gateway: {port: 1.5}}", "gateway.port must be a whole number from 1 to 65535.")]
    [InlineData("{gateway: {port: 1e300}}", "gateway.port must be a whole number from 1 to 65535.")]
    [InlineData("{gateway: {bind: 'everywhere'}}", "gateway.bind must be 'loopback', 'lan' or an IP address.")]
    [InlineData("{gateway: {bind: '10.1'}}", "gateway.bind must be 'loopback', 'lan' or an IP address.")]
    [InlineData("{gateway: {bind: 'custom'}}", "gateway.bind is 'custom', which needs gateway.customBindHost.")]
    [InlineData("{gateway: {publicUrl: 'gw.example.com'}}",
        "gateway.publicUrl must be an absolute http or https URL without credentials, query or fragment.")]
    [InlineData("{gateway: {publicUrl: 'https://a:b@gw.example.com'}}",
        "gateway.publicUrl must be an absolute http or https URL without credentials, query or fragment.")]
    [InlineData("{gateway: {trustedProxies: ['10.0.0.1', 'proxy']}}",
        "gateway.trustedProxies[1] must be an IP address or a CIDR range such as '10.0.0.0/8'.")]
    [InlineData("{gateway: {http: {cors: {origins: ['*']}}}}",
        "gateway.http.cors.origins[0] must be an origin such as 'https://app.example.com', without path; '*' is not accepted.")]
    [InlineData("{gateway: {http: {outbound: {ports: 443}}}}", "gateway.http.outbound.ports must be a list of whole numbers.")]
    [InlineData("{gateway: {http: {outbound: {ports: [443, 0]}}}}",
        "gateway.http.outbound.ports[1] must be a whole number from 1 to 65535.")]
    [InlineData("{gateway: {http: {outbound: {ports: ['443']}}}}",
        "gateway.http.outbound.ports[0] must be a whole number from 1 to 65535.")]
    [InlineData("{gateway: {auth: {mode: 'open'}}}", "gateway.auth.mode must be one of 'token', 'password', 'trusted-proxy', 'none'.")]
    [InlineData("{gateway: {auth: {token: 5}}}", "gateway.auth.token must be a string.")]
    [InlineData("{gateway: {auth: {token: {source: 'exec', provider: 'default', id: 'x'}}}}",
        "gateway.auth.token.source must be 'env': other sources of secrets are not implemented here.")]
    [InlineData("{gateway: {auth: {token: {source: 'env', provider: 'default', id: 'NOPE'}}}}",
        "gateway.auth.token.id names an environment variable that is not set.")]
    [InlineData("{gateway: {auth: {token: 'a', password: 'b'}}}",
        "gateway.auth has a token and a password: set gateway.auth.mode to 'token' or 'password'.")]
    [InlineData("{gateway: {auth: {trustedProxy: {identityScopes: {ann: ['operator.everything']}}}}}",
        "gateway.auth.trustedProxy.identityScopes.ann[0] must be an operator scope such as 'operator.read'.")]
    [InlineData("{gateway: {auth: {trustedProxy: {secretHeader: 'x-proxy'}}}}",
        "gateway.auth needs trustedProxy.secretHeader and trustedProxy.secret together.")]
    [InlineData("{gateway: {auth: {rateLimit: {maxAttempts: 0}}}}",
        "gateway.auth.rateLimit.maxAttempts must be a whole number from 1 to 1000000.")]
    [InlineData("{gateway: {http: {endpoints: {responses: {files: {urlAllowlist: ['https://a.b/']}}}}}}",
        "gateway.http.endpoints.responses.files.urlAllowlist[0] must be a host name, or '*.' and a domain for all hosts below it.")]
    [InlineData("{gateway: {http: {endpoints: {responses: {files: {allowedMimes: ['pdf']}}}}}}",
        "gateway.http.endpoints.responses.files.allowedMimes[0] must be a media type such as 'text/plain'.")]
    [InlineData("{models: {aliases: {'claude-*': 'a b'}}}",
        "models.aliases[\"claude-*\"] must be a model such as 'provider/model', without blanks.")]
    [InlineData("{models: {aliases: {'claude-*': {}}}}",
        "models.aliases[\"claude-*\"] must be a model such as 'provider/model', without blanks.")]
    [InlineData("{models: {aliases: {'': 'openclaw'}}}",
        "The key of models.aliases[\"\"] must be a model such as 'provider/model', without blanks.")]
    [InlineData("{models: {providers: {'a/b': {}}}}", "The key of models.providers[\"a/b\"] must be a provider id: 1 to 64 letters, digits, '.', '-' and '_', starting with a letter or digit.")]
    [InlineData("{models: {providers: {a: {baseUrl: 'ftp://x'}}}}",
        "models.providers.a.baseUrl must be an absolute http or https URL without credentials.")]
    [InlineData("{models: {providers: {a: {api: 'grpc'}}}}",
        "models.providers.a.api must be one of 'openai-completions', 'openai-responses', 'azure-openai', 'anthropic-messages', 'echo'.")]
    [InlineData("{models: {providers: {a: {api: 'azure-openai'}}}}",
        "models.providers.a.baseUrl is missing: it is the endpoint of the resource, such as 'https://name.openai.azure.com'.")]
    [InlineData("{models: {providers: {a: {api: 'azure-openai', baseUrl: 'https://x/openai/deployments/d?api-version=1'}}}}", "models.providers.a.baseUrl must be the endpoint of the resource, such as 'https://name.openai.azure.com', without deployment and query.")]
    [InlineData("{models: {providers: {a: {api: 'azure-openai', baseUrl: 'https://x', apiVersion: 'latest'}}}}",
        "models.providers.a.apiVersion must be a date such as '2024-10-21', with '-preview' where it is one.")]
    [InlineData("{models: {providers: {a: {api: 'azure-openai', baseUrl: 'https://x', auth: 'managed-identity', clientId: 'me'}}}}",
        "models.providers.a.clientId must be the GUID of an identity's client id.")]
    [InlineData("{models: {providers: {a: {api: 'azure-openai', baseUrl: 'https://x', auth: 'managed-identity', apiKey: 'k'}}}}",
        "models.providers.a.apiKey has no use beside auth 'managed-identity': remove one of them.")]
    [InlineData("{models: {providers: {a: {api: 'azure-openai', baseUrl: 'https://x', clientId: '11111111-2222-3333-4444-555555555555'}}}}", "models.providers.a.clientId needs auth 'managed-identity'.")]
    [InlineData("{models: {providers: {a: {auth: 'managed-identity'}}}}",
        "models.providers.a.auth can be 'managed-identity' with the api 'azure-openai' only.")]
    [InlineData("{models: {providers: {a: {apiVersion: '2024-10-21'}}}}",
        "models.providers.a.apiVersion is a setting of the api 'azure-openai' only.")]
    [InlineData("{models: {providers: {a: {headers: {'x y': 'z'}}}}}",
        "The key of models.providers.a.headers[\"x y\"] must be the name of an HTTP header.")]
    [InlineData("{models: {providers: {a: {headers: {x: 'a\\r\\nb'}}}}}",
        "models.providers.a.headers.x must be a header value, without line breaks.")]
    [InlineData("{models: {providers: {a: {models: [{name: 'x'}]}}}}", "models.providers.a.models[0].id is missing.")]
    [InlineData("{models: {providers: {a: {models: [{id: 'x'}, {id: 'x'}]}}}}", "models.providers.a.models lists 'x' more than once.")]
    [InlineData("{models: {providers: {a: {models: [{id: 'x', cost: {input: -1}}]}}}}",
        "models.providers.a.models[0].cost.input must be a number from 0 to 1000000000.")]
    [InlineData("{agents: {entries: {Main: {}}}}", "The key of agents.entries.Main must be an agent id: 1 to 64 lower-case letters, digits, '-' and '_', starting with a letter or digit.")]
    [InlineData("{agents: {list: [{name: 'x'}]}}", "agents.list[0].id is missing.")]
    [InlineData("{agents: {list: [{id: 'a'}], entries: {a: {}}}}", "agents.list names the agent 'a', which is there already.")]
    [InlineData("{agents: {defaults: {model: ''}}}", "agents.defaults.model must be a model such as 'provider/model', without blanks.")]
    [InlineData("{agents: {defaults: {model: {primary: 'a', fallbacks: ['']}}}}",
        "agents.defaults.model.fallbacks[0] must be a model such as 'provider/model', without blanks.")]
    [InlineData("{agents: {defaults: {model: 5}}}", "agents.defaults.model must be an object.")]
    [InlineData("{gateway: {http: {media: {maxBytes: 0}}}}", "gateway.http.media.maxBytes must be a whole number from 1 to 104857600.")]
    [InlineData("{gateway: {http: {media: {ttlSeconds: 604801}}}}", "gateway.http.media.ttlSeconds must not be more than maxTtlSeconds.")]
    [InlineData("{gateway: {http: {media: {maxTtlSeconds: 2592001}}}}",
        "gateway.http.media.maxTtlSeconds must be a whole number from 1 to 2592000.")]
    [InlineData("{gateway: {http: {media: {allowedMimes: ['png']}}}}",
        "gateway.http.media.allowedMimes[0] must be a media type such as 'text/plain'.")]
    [InlineData("{storage: {prefix: 'My'}}", "storage.prefix must be 3 to 20 lower-case letters and digits, starting with a letter.")]
    [InlineData("{channels: []}", "channels must be an object.")]
    public void An_invalid_value_is_reported_in_one_sentence(string text, string message)
    {
        var result = TestConfig.Parse(text);

        Assert.Null(result.Config);
        Assert.Equal([message], result.Errors.Select(error => error.Message));
        Assert.All(result.Errors, error => Assert.Equal(1, error.Line));
    }

    [Theory]
    [InlineData("{userHeader: 'x-user'}", "[]", 1)]
    [InlineData("{}", "['10.0.0.1']", 1)]
    [InlineData("{userHeader: 'x-user'}", "['10.0.0.1']", 0)]
    [InlineData("{userHeader: 'x-user', secretHeader: 'x-s', secret: 's'}", "[]", 0)]
    public void Trusted_proxy_needs_a_user_header_and_a_way_to_know_the_proxy(string proxy, string addresses, int errors)
    {
        var result = TestConfig.Parse(
            $"{{gateway: {{trustedProxies: {addresses}, auth: {{mode: 'trusted-proxy', trustedProxy: {proxy}}}}}}}");

        Assert.Equal(errors, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.Equal("gateway.auth", error.Path));
    }

    [Fact]
    public void All_errors_are_reported_with_their_lines_and_twenty_are_listed()
    {
        var some = TestConfig.Parse("{\n gateway: {\n  port: 'x',\n  bnd: 'lan' },\n storage: {prefix: 1}\n}");
        var many = TestConfig.Parse($"{{{string.Join(",", Enumerable.Range(0, 30).Select(i => $"unknown{i}: 1"))}}}");

        Assert.Equal([(3, 9), (4, 3), (5, 20)], some.Errors.Select(error => (error.Line, error.Column)));
        Assert.Equal(21, many.Errors.Count);
        Assert.Equal("There are 10 more errors that are not listed.", many.Errors[^1].ToString());
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
