using System.Text;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>Where configuration comes from, and in which order.</summary>
public class ConfigLoaderTests
{
    [Fact]
    public void Without_a_file_there_are_defaults()
    {
        var result = TestConfig.Load(Request([]));

        Assert.Empty(result.Errors);
        Assert.Null(result.Path);
        Assert.Equal("loopback", result.Config!.Gateway.Bind);
    }

    [Fact]
    public void The_first_file_found_is_read()
    {
        var files = new Dictionary<string, string>
        {
            ["/flag.json"] = "{gateway: {port: 1}}",
            ["/variable.json"] = "{gateway: {port: 2}}",
            ["/app/openclaw.json"] = "{gateway: {port: 3}}",
            ["/home/ann/.openclaw/openclaw.json"] = "{gateway: {port: 4}}",
        };
        var variable = new Dictionary<string, string> { ["OPENCLAW_CONFIG_PATH"] = "/variable.json" };

        Assert.Equal((1, "/flag.json"), Port(TestConfig.Load(Request(files, "/flag.json", variable))));
        Assert.Equal((2, "/variable.json"), Port(TestConfig.Load(Request(files, environment: variable))));
        Assert.Equal((3, "/app/openclaw.json"), Port(TestConfig.Load(Request(files))));
        files.Remove("/app/openclaw.json");
        Assert.Equal((4, "/home/ann/.openclaw/openclaw.json"), Port(TestConfig.Load(Request(files))));
        Assert.Equal((4, "/home/ann/.openclaw/openclaw.json"), Port(TestConfig.Load(Request(files, "~/.openclaw/openclaw.json"))));
    }

    [Fact]
    public void A_file_that_was_named_must_exist()
    {
        var result = TestConfig.Load(Request([], "elsewhere.json"));

        Assert.Null(result.Config);
        Assert.Equal("There is no configuration file /app/elsewhere.json.", Assert.Single(result.Errors).ToString());
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error()
    {
        var request = new ConfigRequest { CurrentDirectory = "/app", Open = _ => throw new UnauthorizedAccessException("internal") };

        Assert.Equal("The configuration file /app/openclaw.json cannot be read.", Assert.Single(
            TestConfig.Load(request).Errors).ToString());
    }

    [Fact]
    public void A_real_file_is_read_and_read_again_after_a_change()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllText(path, "{gateway: {port: 1234}}");
            Assert.Equal((1234, path), Port(TestConfig.Load(ConfigRequest.FromProcess(path))));
            File.WriteAllText(path, "{gateway: {port: 4321}}");
            Assert.Equal((4321, path), Port(TestConfig.Load(ConfigRequest.FromProcess(path))));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    [Trait("Feature", "F17")]
    public void OPENCLAW_GATEWAY_TOKEN_is_the_token_whatever_the_file_says()
    {
        var environment = new Dictionary<string, string>
        {
            ["OPENCLAW_GATEWAY_TOKEN"] = "from-env",
            ["OPENCLAW__gateway__auth__token"] = "generic",
        };

        Assert.Equal("from-env", Loaded("{}", environment).Gateway.Auth.Token);
        Assert.Equal("from-env", Loaded("{gateway: {auth: {mode: 'token', token: 'from-file'}}}", environment).Gateway.Auth.Token);
        Assert.Equal("from-env", Loaded("{gateway: {authToken: 'from-file'}}", environment).Gateway.Auth.Token);
        Assert.Equal("from-file", Loaded(
            "{gateway: {auth: {token: 'from-file'}}}", new() { ["OPENCLAW_GATEWAY_TOKEN"] = " " }).Gateway.Auth.Token);
    }

    [Fact]
    [Trait("Feature", "F18")]
    public void OPENCLAW_GATEWAY_PASSWORD_is_the_password_whatever_the_file_says()
    {
        var config = Loaded(
            "{gateway: {auth: {mode: 'password', password: 'from-file'}}}", new() { ["OPENCLAW_GATEWAY_PASSWORD"] = "from-env" });

        Assert.Equal(("password", "from-env"), (config.Gateway.Auth.Mode, config.Gateway.Auth.Password));
    }

    [Fact]
    public void Variables_set_any_key_by_its_type_and_in_any_case()
    {
        var config = Loaded("{gateway: {port: 1, http: {endpoints: {responses: {enabled: false, maxUrlParts: 3}}}}}", new()
        {
            ["OPENCLAW_GATEWAY_PORT"] = "18790",
            ["OPENCLAW__GATEWAY__HTTP__ENDPOINTS__RESPONSES__ENABLED"] = "True",
            ["OPENCLAW__gateway__http__endpoints__responses__files__maxBytes"] = "1000",
            ["OPENCLAW__gateway__http__endpoints__responses__files__urlAllowlist"] = "['a.example.com', // comment\n'*.b.example.com']",
            ["OPENCLAW__models__providers"] = "{proxy: {baseUrl: 'http://127.0.0.1:1/v1', apiKey: '${PROXY_KEY}'}}",
            ["OPENCLAW__models__providers__proxy__api"] = "openai-responses",
            ["OPENCLAW__agents__defaults__model"] = "proxy/one",
            ["OPENCLAW__agents__entries__main__model"] = "{primary: 'proxy/two', fallbacks: ['proxy/one']}",
            ["OPENCLAW__agents__entries__main__name"] = "123",
            ["OPENCLAW__channels__telegram__botToken"] = "123:abc",
            ["OPENCLAW__channels__telegram__webhookSecret"] = "123",
            ["OPENCLAW__channels__telegram__allowFrom"] = "[42, '43']",
            ["OPENCLAW__storage__prefix"] = "",
            ["PROXY_KEY"] = "key-1",
            ["OPENCLAW_OTHER"] = "not ours",
        });

        var responses = config.Gateway.Http.Endpoints.Responses;
        Assert.Equal((18790, true, 3), (config.Gateway.Port, responses.Enabled, responses.MaxUrlParts));
        Assert.Equal(1000, responses.Files.MaxBytes);
        Assert.Equal(["a.example.com", "*.b.example.com"], responses.Files.UrlAllowlist);
        var provider = config.Models.Providers["proxy"];
        Assert.Equal(("key-1", "openai-responses", "http://127.0.0.1:1/v1"), (provider.ApiKey, provider.Api, provider.BaseUrl));
        Assert.Equal("proxy/one", config.Agents.Defaults.Model!.Primary);
        Assert.Equal(("123", "proxy/two"), (config.Agents.Entries["main"].Name, config.Agents.Entries["main"].Model!.Primary));
        var telegram = config.Channels.Telegram!;
        Assert.Equal(("123:abc", "123", "42 43"), (telegram.BotToken, telegram.WebhookSecret, string.Join(' ', telegram.AllowFrom)));
        Assert.Equal("openclaw", config.Storage.Prefix);
    }

    [Theory]
    [InlineData("OPENCLAW__gateway__prot", "1",
        "environment variable OPENCLAW__gateway__prot: gateway.prot is not a known key; did you mean 'port'?")]
    [InlineData("OPENCLAW__gateway__port", "high",
        "environment variable OPENCLAW__gateway__port: gateway.port must be a whole number from 1 to 65535.")]
    [InlineData("OPENCLAW_GATEWAY_PORT", "70000",
        "environment variable OPENCLAW_GATEWAY_PORT: gateway.port must be a whole number from 1 to 65535.")]
    [InlineData("OPENCLAW__gateway__auth__rateLimit__exemptLoopback", "yes",
        "environment variable OPENCLAW__gateway__auth__rateLimit__exemptLoopback: gateway.auth.rateLimit.exemptLoopback must be true or false.")]
    [InlineData("OPENCLAW__gateway__trustedProxies", "10.0.0.1",
        "environment variable OPENCLAW__gateway__trustedProxies: gateway.trustedProxies must be a list of strings, written as JSON5.")]
    [InlineData("OPENCLAW__gateway__trustedProxies", "['10.0.0.1', 2]", "environment variable OPENCLAW__gateway__trustedProxies, line 1, column 14: gateway.trustedProxies[1] must be an IP address or a CIDR range such as '10.0.0.0/8'.")]
    [InlineData("OPENCLAW__gateway__auth", "{mode:",
        "environment variable OPENCLAW__gateway__auth, line 1, column 7: gateway.auth must be an object: Expected a value, in mode.")]
    [InlineData("OPENCLAW__models__providers", "{p: {\n apiKey: '${NOPE}'}}", "environment variable OPENCLAW__models__providers, line 2, column 10: models.providers.p.apiKey refers to the environment variable NOPE, which is not set.")]
    [InlineData("OPENCLAW____gateway", "1",
        "environment variable OPENCLAW____gateway: The name does not spell a path of keys joined by '__'.")]
    [InlineData("OPENCLAW__gateway__port__x", "1",
        "environment variable OPENCLAW__gateway__port__x: gateway.port must be a whole number from 1 to 65535.")]
    public void A_wrong_variable_is_named(string variable, string value, string error)
    {
        var result = TestConfig.Parse("{}", new Dictionary<string, string> { [variable] = value });

        Assert.Equal([error], result.Errors.Select(problem => problem.ToString()));
    }

    [Fact]
    public void References_inside_strings_become_the_variables_they_name()
    {
        var config = Loaded(
            "{gateway: {auth: {token: '${TOKEN_A}-${B}'}}, ui: {path: '$${HOME}', t: '${lower} {{x}} $5 ${}', list: [{x: '${B}'}]}}",
            new() { ["TOKEN_A"] = "aaa", ["B"] = "${TOKEN_A}" });

        Assert.Equal("aaa-${TOKEN_A}", config.Gateway.Auth.Token);
        var ui = config.Document!.Find("ui")!;
        Assert.Equal("${HOME}", ui.Find("path")!.Text);
        Assert.Equal("${lower} {{x}} $5 ${}", ui.Find("t")!.Text);
        Assert.Equal("${TOKEN_A}", ui.Find("list")!.Items[0].Find("x")!.Text);
    }

    [Theory]
    [InlineData("{gateway: {auth: {\n  token: '${NOPE}'}}}", "gateway.auth.token", 2, 10)]
    [InlineData("{hooks: {mappings: [{\n x: 'a ${NOPE}'}]}}", "hooks.mappings[0].x", 2, 5)]
    [InlineData("{skills: {entries: {'a b': '${NOPE}'}}}", "skills.entries[\"a b\"]", 1, 28)]
    public void A_reference_to_a_variable_that_is_not_set_is_an_error_in_every_section(string text, string path, int line, int column)
    {
        var error = TestConfig.Parse(text, new Dictionary<string, string> { ["NOPE"] = "" }).Errors[0];

        Assert.Equal((path, line, column), (error.Path, error.Line, error.Column));
        Assert.Equal($"{path} refers to the environment variable NOPE, which is not set.", error.Message);
    }

    [Fact]
    public void The_env_section_fills_in_what_the_process_does_not_have()
    {
        var config = Loaded(
            "{env: {A: 'file-a', vars: {B: 'file-b ${C}'}}, gateway: {auth: {token: '${A} ${B}'}}}",
                new() { ["A"] = "process-a", ["C"] = "c" });

        Assert.Equal("process-a file-b c", config.Gateway.Auth.Token);
        Assert.Equal("env.A must be a string.", Assert.Single(TestConfig.Parse("{env: {A: 1}}").Errors).Message);
    }

    private static GatewayConfig Loaded(string text, Dictionary<string, string> environment)
    {
        var result = TestConfig.Parse(text, environment);
        Assert.True(result.Config is not null, string.Join('\n', result.Errors));
        return result.Config;
    }

    private static (int?, string?) Port(ConfigResult result) => (result.Config!.Gateway.Port, result.Path);

    private static ConfigRequest Request(
        Dictionary<string, string> files, string? path = null, IReadOnlyDictionary<string, string>? environment = null) => new()
        {
            Path = path,
            Environment = environment ?? new Dictionary<string, string>(),
            CurrentDirectory = "/app",
            HomeDirectory = "/home/ann",
            Open = name => files.TryGetValue(name, out var text) ? new MemoryStream(Encoding.UTF8.GetBytes(text)) : null,
        };
}
