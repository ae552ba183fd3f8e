using System.Net;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.ApiKeyGateway;

namespace OpenClaw.Tests.Core.Security;

/// <summary>Named keys: their life, and that it ends everywhere.</summary>
public class ApiKeyTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    [Trait("Feature", "F30")]
    public async Task A_key_is_shown_once_and_lets_its_bearer_in()
    {
        await using var gateway = await StartAsync();
        using var created = await gateway.PostAsync(
            "/api/v1/keys", """{"name":"ci","scopes":["operator.write"],"requestsPerMinute":30,"budget":{"dailyUsd":1.5}}""");
        var key = await created.ReadDataAsync();
        var (id, text) = (key.GetProperty("id").GetString()!, key.GetProperty("key").GetString()!);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.StartsWith($"oc_live_{id}_", text, StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.OK, null), await gateway.ChatAsync(text));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(text));
        foreach (var path in new[] { "/api/v1/keys", "/api/keys", $"/api/keys/{id}" })
        {
            using var answer = await gateway.Client.GetAsync(path);
            var json = await answer.Content.ReadAsStringAsync();
            Assert.Contains(id, json, StringComparison.Ordinal);
            Assert.DoesNotContain(text[^24..], json, StringComparison.Ordinal);
        }

        _clock.Advance(TimeSpan.FromSeconds(11));
        await gateway.DisposeAsync();
        await using var later = await StartAsync();
        var seen = await later.GetDataAsync($"/api/keys/{id}");
        Assert.Equal(("ci", "active", 30), (
            seen.GetProperty("name").GetString(), seen.GetProperty("status").GetString(), seen.GetProperty(
            "requestsPerMinute").GetInt32()));
        Assert.Equal(1.5m, seen.GetProperty("budget").GetProperty("dailyUsd").GetDecimal());
        Assert.InRange(seen.GetProperty("lastUsedAt").GetDateTimeOffset(), _clock.GetUtcNow().AddSeconds(-12), _clock.GetUtcNow());
        Assert.DoesNotContain(text[^24..], gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T7")]
    public async Task A_revoked_key_is_refused_on_every_instance_within_five_seconds()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        var (id, text) = await a.CreateKeyAsync(Writer);
        Assert.Equal(HttpStatusCode.OK, await a.StatusAsync(text));
        Assert.Equal(HttpStatusCode.OK, await b.StatusAsync(text));

        using (var revoked = await a.Client.DeleteAsync($"/api/v1/keys/{id}"))
        {
            Assert.Equal("revoked", (await revoked.ReadDataAsync()).GetProperty("status").GetString());
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await a.StatusAsync(text));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await b.StatusAsync(text));
        var change = await a.PatchAsync($"/api/keys/{id}", """{"name":"back"}""");
        Assert.Equal("KEY_REVOKED", change.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    [Trait("Feature", "T7")]
    public async Task A_rotated_keys_old_secret_ends_at_once_or_after_the_overlap_asked_for()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        var (id, first) = await a.CreateKeyAsync(Writer);
        Assert.Equal(HttpStatusCode.OK, await b.StatusAsync(first));
        var second = (await a.PostDataAsync($"/api/keys/{id}/rotate", "{}")).GetProperty("key").GetString()!;
        Assert.Equal(HttpStatusCode.Unauthorized, await a.StatusAsync(first));
        Assert.Equal(HttpStatusCode.OK, await a.StatusAsync(second));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Unauthorized, await b.StatusAsync(first));
        Assert.Equal(HttpStatusCode.OK, await b.StatusAsync(second));

        var third = (await a.PostDataAsync($"/api/keys/{id}/rotate", """{"overlapSeconds":60}""")).GetProperty("key").GetString()!;
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await b.StatusAsync(second), await b.StatusAsync(third)));
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await b.StatusAsync(second), await b.StatusAsync(third)));
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task A_key_that_has_expired_is_401_and_says_so()
    {
        await using var gateway = await StartAsync();
        var until = _clock.GetUtcNow().AddMinutes(1);
        var (_, text) = await gateway.CreateKeyAsync($$"""{"name":"short","scopes":["operator.read"],"expiresAt":"{{until:O}}"}""");
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(text));
        _clock.Advance(TimeSpan.FromMinutes(1));
        using var answer = await gateway.SendAsync(HttpMethod.Get, "/v1/models", text);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("expired at 2030-01-01T00:01:00Z", (await answer.ReadErrorAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("password")]
    [InlineData("trusted-proxy")]
    [InlineData("none")]
    [Trait("Feature", "F30")]
    public async Task Keys_work_in_every_auth_mode_and_a_wrong_one_in_none(string mode)
    {
        await using var maker = await StartAsync();
        var (_, text) = await maker.CreateKeyAsync(Writer);
        await using var gateway = await ApiKeyGateway.StartAsync(azurite.StorageAccount, _prefix, _clock, c =>
        {
            c.Gateway.Auth.Mode = mode;
            c.Gateway.Auth.Password = "the password";
            c.Gateway.TrustedProxies = ["10.0.0.1"];
            c.Gateway.Auth.TrustedProxy = new() { UserHeader = "x-user" };
        });

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(text));
        Assert.Equal(HttpStatusCode.Forbidden, await gateway.StatusAsync(text, "/api/keys"));
        Assert.Equal(HttpStatusCode.Unauthorized, await gateway.StatusAsync(text[..^1] + (text[^1] == 'A' ? 'B' : 'A')));
        Assert.Equal(HttpStatusCode.Unauthorized, await gateway.StatusAsync("oc_live_short"));
    }

    [Fact]
    [Trait("Feature", "D14")]
    public async Task Guesses_at_keys_lock_out_but_never_a_right_key_nor_the_gateways_own_secret()
    {
        await using var gateway = await StartAsync();
        var (_, text) = await gateway.CreateKeyAsync(Writer);
        var guess = text[..^4] + "0000";
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await gateway.StatusAsync(guess));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await gateway.StatusAsync(guess));
        Assert.Equal(HttpStatusCode.Unauthorized, await gateway.StatusAsync("another guess"));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(GatewayHost.Token));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(text));
    }

    [Fact]
    [Trait("Feature", "F86")]
    public async Task A_key_has_a_request_limit_of_its_own()
    {
        await using var gateway = await StartAsync();
        var (_, text) = await gateway.CreateKeyAsync("""{"name":"slow","scopes":["operator.read"],"requestsPerMinute":2}""");
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(text));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(text));
        Assert.Equal(HttpStatusCode.TooManyRequests, await gateway.StatusAsync(text));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(GatewayHost.Token));
    }

    [Fact]
    [Trait("Feature", "D26")]
    [Trait("Feature", "T4")]
    public async Task A_keys_scopes_are_its_own_and_a_header_only_narrows_them()
    {
        await using var gateway = await StartAsync();
        var (_, text) = await gateway.CreateKeyAsync(Writer);
        Assert.Equal((HttpStatusCode.Forbidden, "missing_scope"), await gateway.ChatAsync(text, ("x-openclaw-scopes", "operator.read")));
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await gateway.ChatAsync(text, ("x-openclaw-scopes", "operator.admin")));
        Assert.Equal((HttpStatusCode.Forbidden, "missing_scope"), await gateway.ChatAsync(text, ("x-openclaw-model", "echo/echo")));
        Assert.Equal(HttpStatusCode.Forbidden, await gateway.StatusAsync(text, "/api/v1/keys"));
    }

    [Theory]
    [InlineData("""{"scopes":["operator.read"]}""")]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":" ","scopes":["operator.read"]}""")]
    [InlineData("""{"name":"x","scopes":[]}""")]
    [InlineData("""{"name":"x","scopes":["operator.everything"]}""")]
    [InlineData("""{"name":"x","scopes":["operator.read"],"allowedAgents":["nobody"]}""")]
    [InlineData("""{"name":"x","scopes":["operator.read"],"requestsPerMinute":-1}""")]
    [InlineData("""{"name":"x","scopes":["operator.read"],"budget":{"dailyUsd":-1}}""")]
    [InlineData("""{"name":"x","scopes":["operator.read"],"expiresAt":"2001-01-01T00:00:00Z"}""")]
    [InlineData("""{"name":"x","scopes":["operator.read"],"expiresat":"2041-01-01T00:00:00Z"}""")]
    [Trait("Feature", "F30")]
    public async Task A_request_for_a_key_that_makes_no_sense_is_400(string json)
    {
        await using var gateway = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostFailureAsync("/api/keys", json)).Status);
        Assert.Equal(0, (await gateway.GetDataAsync("/api/keys")).GetProperty("keys").GetArrayLength());
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task Changes_keep_what_they_do_not_name_and_clear_what_is_null()
    {
        await using var gateway = await StartAsync();
        var (id, text) = await gateway.CreateKeyAsync(
            """{"name":"x","scopes":["operator.read"],"sessionPrefix":"team-","requestsPerMinute":50}""");
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.ChatAsync(text)).Status);
        var changed = (await gateway.PatchAsync(
            $"/api/v1/keys/{id}", """{"scopes":["operator.write"],"requestsPerMinute":null}""")).GetProperty("data");

        Assert.Equal(("x", "team-"), (changed.GetProperty("name").GetString(), changed.GetProperty("sessionPrefix").GetString()));
        Assert.False(changed.TryGetProperty("requestsPerMinute", out _));
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(text)).Status);
        using var missing = await gateway.Client.GetAsync("/api/keys/unknown");
        Assert.Equal((HttpStatusCode.NotFound, "KEY_NOT_FOUND"), await missing.ReadFailureAsync());
    }

    private Task<GatewayHost> StartAsync() => ApiKeyGateway.StartAsync(azurite.StorageAccount, _prefix, _clock);
}
