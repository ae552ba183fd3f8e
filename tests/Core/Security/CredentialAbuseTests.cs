using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Devices;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.ApiKeyGateway;

namespace OpenClaw.Tests.Core.Security;

/// <summary>Guessing keys, speaking for a proxy, and administrators with limits.</summary>
public class CredentialAbuseTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    [Trait("Feature", "T39")]
    public async Task A_success_gives_no_new_guesses_to_others_at_the_same_address()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var (_, key) = await gateway.CreateKeyAsync(Writer);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await gateway.StatusAsync(ApiKeyText.New(ApiKeyText.NewId())));
            Assert.Equal(HttpStatusCode.Unauthorized, await gateway.StatusAsync("guess"));
            Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(key));
            Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(GatewayHost.Token));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await gateway.StatusAsync(ApiKeyText.New(ApiKeyText.NewId())));
        Assert.Equal(HttpStatusCode.TooManyRequests, await gateway.StatusAsync("guess"));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(key));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(GatewayHost.Token));
    }

    [Fact]
    [Trait("Feature", "T39")]
    public async Task A_client_that_is_locked_out_causes_no_read_of_storage_for_made_up_keys_and_known_keys_still_work()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: new StorageRetryOptions { MaxTries = 1 });
        await using var gateway = await GatewayHost.StartAsync(storage, services: s => s.AddSingleton<TimeProvider>(_clock));
        var (_, key) = await gateway.CreateKeyAsync(Writer);
        for (var i = 0; i < 11; i++)
        {
            await gateway.StatusAsync(ApiKeyText.New(ApiKeyText.NewId()));
        }

        network.On(StorageSteps.Any, StorageFaults.Drop, int.MaxValue);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await gateway.StatusAsync(ApiKeyText.New(ApiKeyText.NewId())));
        }

        Assert.Equal(0, network.Faults);
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(key, "/v1/models"));
    }

    [Fact]
    [Trait("Feature", "T39")]
    public async Task A_client_that_is_locked_out_causes_no_read_of_storage_for_made_up_device_tokens_and_known_devices_still_work()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: new StorageRetryOptions { MaxTries = 1 });
        await using var gateway = await GatewayHost.StartAsync(storage, services: s => s.AddSingleton<TimeProvider>(_clock));
        using var device = new TestDevice();
        await using var client = await ControlClient.OpenAsync(gateway);
        var hello = await client.RequestAsync(
            "connect", ControlClient.ConnectParams(
                scopes: ["operator.read"], device: device.Prove(client.Nonce, _clock.GetUtcNow(), scopes: "operator.read")));
        var token = hello.GetProperty("auth").GetProperty("deviceToken").GetString()!;
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(token));
        for (var i = 0; i < 11; i++)
        {
            await gateway.StatusAsync(NewDeviceToken());
        }

        network.On(StorageSteps.Any, StorageFaults.Drop, int.MaxValue);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await gateway.StatusAsync(NewDeviceToken()));
            Assert.Equal(HttpStatusCode.TooManyRequests, await gateway.StatusAsync("oc_device_" + new string('x', i)));
        }

        Assert.Equal(0, network.Faults);
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(token));
    }

    [Fact]
    [Trait("Feature", "T39")]
    public async Task Made_up_ids_do_not_displace_known_keys()
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, services: s => s.AddSingleton<TimeProvider>(_clock));
        var (id, _) = await gateway.CreateKeyAsync(Writer);
        var cache = gateway.Services.GetRequiredService<ApiKeyCache>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 10_001), new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (_, cancellationToken) => Assert.Null(await cache.FindAsync(ApiKeyText.NewId(), cancellationToken)));

        Assert.True(cache.IsKnown(id));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "ada@example.com")]
    [InlineData(HttpStatusCode.OK, "ADA@example.com")]
    [InlineData(HttpStatusCode.OK, "ａｄａ@example.com")] // full width: the same person after normalisation
    [InlineData(HttpStatusCode.Unauthorized, "eve@example.com", "ada@example.com")]
    [InlineData(HttpStatusCode.Unauthorized, "eve@example.com, ada@example.com")]
    [InlineData(HttpStatusCode.Unauthorized, "ada\u200b@example.com")]
    [InlineData(HttpStatusCode.Unauthorized, "ada\u202e@example.com")]
    [InlineData(HttpStatusCode.Unauthorized, "ada\u00ad@example.com")]
    [InlineData(HttpStatusCode.Unauthorized, "ada\u0301@example.com")]
    [InlineData(HttpStatusCode.Forbidden, "eve@example.com")]
    [Trait("Feature", "T39")]
    public async Task An_identity_header_has_one_plain_value(HttpStatusCode expected, params string[] values)
    {
        await using var gateway = await StartBehindProxyAsync(p => p.AllowUsers = ["Ada@example.com"]);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.UTF8,
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Url + "/v1/models");
        request.Headers.TryAddWithoutValidation("x-forwarded-user", values);
        if (values.Length > 1)
        {
            // Two header lines, as a proxy that adds its own behind the client's sends them.
            await using var raw = await RawGetAsync(gateway, values);
            Assert.Contains($" {(int)expected} ", await new StreamReader(raw).ReadLineAsync(), StringComparison.Ordinal);
            return;
        }

        using var answer = await client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, "bob@example.com", HttpStatusCode.OK)]
    [InlineData(null, "eve@example.com", HttpStatusCode.Forbidden)]
    [InlineData("operator.read", "eve@example.com", HttpStatusCode.OK)]
    [Trait("Feature", "T39")]
    public async Task A_user_that_is_not_listed_has_the_default_scopes_or_none(string? defaults, string user, HttpStatusCode expected)
    {
        await using var gateway = await StartBehindProxyAsync(p =>
        {
            p.IdentityScopes = new Dictionary<string, IReadOnlyList<string>> { ["bob@example.com"] = ["operator.read"] };
            p.DefaultScopes = defaults is null ? null : [defaults];
        });
        using var answer = await gateway.SendAsync(HttpMethod.Get, "/v1/models", null, ("x-forwarded-user", user));
        Assert.Equal(expected, answer.StatusCode);
        using var admin = await gateway.SendAsync(HttpMethod.Get, "/api/keys", null, ("x-forwarded-user", user));
        Assert.Equal(HttpStatusCode.Forbidden, admin.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T6")]
    public async Task A_limited_administrator_sees_changes_and_ends_only_keys_within_its_limits()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
            c.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new(), ["support"] = new() });
        var (wide, _) = await gateway.CreateKeyAsync(Writer);
        var (own, admin) = await gateway.CreateKeyAsync(
            """{"name":"admin","scopes":["operator.admin"],"allowedAgents":["support"]}""");
        var (narrow, _) = await gateway.CreateKeyAsync("""{"name":"n","scopes":["operator.read"],"allowedAgents":["support"]}""", admin);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            using var refused = await gateway.SendAsync(method, $"/api/keys/{wide}", admin);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using var list = await gateway.SendAsync(HttpMethod.Get, "/api/keys", admin);
        var seen = (await list.ReadDataAsync()).GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("id").GetString());
        Assert.Equal(new[] { own, narrow }.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        using var ended = await gateway.SendAsync(HttpMethod.Delete, $"/api/keys/{narrow}", admin);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal("active", (await gateway.GetDataAsync($"/api/keys/{wide}")).GetProperty("status").GetString());
    }

    [Fact]
    [Trait("Feature", "T40")]
    public async Task Keys_are_listed_by_page()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await gateway.CreateKeyAsync(Writer)).Id);
        }

        var seen = new List<string?>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await gateway.GetDataAsync($"/api/keys?limit=2&cursor={cursor}");
            Assert.InRange(page.GetProperty("keys").GetArrayLength(), 1, 2);
            seen.AddRange(page.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("id").GetString()));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), seen);
        Assert.Equal(
            (HttpStatusCode.BadRequest, "INVALID_VALUE"),
            await (await gateway.Client.GetAsync("/api/keys?cursor=x")).ReadFailureAsync());
    }

    [Theory]
    [InlineData("agent:main:subagent:x")]
    [InlineData("agent:main:api:cron:x")]
    [InlineData("x:ＡＣＰ:y")]
    [Trait("Feature", "T23")]
    public void Reserved_prefixes_are_refused_anywhere_in_a_session_key(string key)
    {
        var caller = new Caller(Caller.OperatorSubject, Scope.Default, IsIdentity: false, IsOwner: true);
        var refused = Assert.Throws<GatewayException>(() => OpenClaw.Sessions.SessionKey.Explicit(caller, "main", key, "key"));
        Assert.Equal("invalid_session_key", refused.Error.Code);
        Assert.Equal("agent:cron:x", OpenClaw.Sessions.SessionKey.Explicit(caller, "cron", "agent:cron:x", "key").Key);
    }

    [Theory]
    [InlineData("mock/..")]
    [InlineData("mock/../../models")]
    [InlineData("mock/.")]
    [InlineData("mock/a/../b")]
    [InlineData("mock/..\\u005cx")]
    [Trait("Feature", "T39")]
    public async Task A_models_name_cannot_climb_in_the_providers_URL(string model)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream);
        using var answer = await gateway.PostChatAsync(
            $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("model_not_found", (await answer.ReadErrorAsync()).Code);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task Embeddings_respect_the_agents_of_a_key()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
            c.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new(), ["support"] = new() });
        var (_, key) = await gateway.CreateKeyAsync("""{"name":"x","scopes":["operator.write"],"allowedAgents":["support"]}""");
        using var refused = await gateway.PostAsync("/v1/embeddings", """{"model":"openclaw","input":"x"}""", r => r.Use(key));
        using var allowed = await gateway.PostAsync("/v1/embeddings", """{"model":"openclaw/support","input":"x"}""", r => r.Use(key));

        Assert.Equal("agent_not_allowed", (await refused.ReadErrorAsync()).Code);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    private static string NewDeviceToken() =>
        DeviceTokenText.New(Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));

    private static async Task<Stream> RawGetAsync(GatewayHost gateway, IEnumerable<string> users)
    {
        var url = new Uri(gateway.Url);
        var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(url.Host, url.Port);
        var stream = client.GetStream();
        var lines = string.Concat(users.Select(u => $"x-forwarded-user: {u}\r\n"));
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
            $"GET /v1/models HTTP/1.1\r\nHost: {url.Authority}\r\n{lines}Connection: close\r\n\r\n"));
        return stream;
    }

    private static async Task<GatewayHost> StartBehindProxyAsync(Action<TrustedProxySection> configure)
    {
        var gateway = await GatewayHost.StartAsync(configure: c =>
        {
            c.Gateway.Auth.Mode = "trusted-proxy";
            c.Gateway.Auth.Token = null;
            c.Gateway.TrustedProxies = ["127.0.0.1", "::1"];
            c.Gateway.Auth.TrustedProxy = new() { UserHeader = "x-forwarded-user", AllowLoopback = true };
            configure(c.Gateway.Auth.TrustedProxy);
        });
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        return gateway;
    }
}
