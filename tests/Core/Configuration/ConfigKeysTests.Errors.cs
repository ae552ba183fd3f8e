using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>Values that are refused, and what the error says.</summary>
public partial class ConfigKeysTests
{
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
    [InlineData("{gateway: {http: {cors: {origins: ['https://app.example.com/']}}}}",
        "gateway.http.cors.origins[0] must be an origin such as 'https://app.example.com', without path; '*' is not accepted.")]
    [InlineData("{gateway: {http: {cors: {origins: ['app.example.com']}}}}",
        "gateway.http.cors.origins[0] must be an origin such as 'https://app.example.com', without path; '*' is not accepted.")]
    [InlineData("{gateway: {http: {cors: {origins: ['null']}}}}",
        "gateway.http.cors.origins[0] must be an origin such as 'https://app.example.com', without path; '*' is not accepted.")]
    [InlineData("{gateway: {http: {cors: {origins: ['https://app.example.com:443']}}}}",
        "gateway.http.cors.origins[0] must be an origin such as 'https://app.example.com', without path; '*' is not accepted.")]
    [InlineData("{gateway: {http: {cors: {origins: ['http:app']}}}}",
        "gateway.http.cors.origins[0] must be an origin such as 'https://app.example.com', without path; '*' is not accepted.")]
    [InlineData("{gateway: {http: {cors: {origins: ['javascript:alert(1)']}}}}",
        "gateway.http.cors.origins[0] must be an origin such as 'https://app.example.com', without path; '*' is not accepted.")]
    [InlineData("{gateway: {http: {cors: {origins: ['https://*.example.com/x']}}}}",
        "gateway.http.cors.origins[0] must be an origin such as 'https://app.example.com', without path; '*' is not accepted.")]
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
}
