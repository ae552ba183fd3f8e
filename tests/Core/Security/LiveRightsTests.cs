using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Tests.Conformance;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Security;

/// <summary>Connections and streams have no more rights than their credential has at each moment.</summary>
public class LiveRightsTests(AzuriteFixture azurite)
{
    private const string Turn = """{"type":"response.create","store":false,"input":"Hi"}""";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    [Trait("Feature", "T37")]
    public async Task Each_turn_of_a_socket_counts_as_a_request()
    {
        await using var gateway = await StartAsync();
        var (_, key) = await gateway.CreateKeyAsync("""{"name":"x","scopes":["operator.write"],"requestsPerMinute":3}""");
        using var socket = await SuiteSocket.ConnectAsync(new Uri(gateway.Url), key);

        Assert.Equal("completed", (await socket.TurnAsync(Turn)).Status);
        Assert.Equal("completed", (await socket.TurnAsync(Turn)).Status);
        Assert.Equal("rate_limited", (await socket.TurnAsync(Turn)).ErrorCode);
        _clock.Advance(TimeSpan.FromSeconds(62));
        Assert.Equal("completed", (await socket.TurnAsync(Turn)).Status);
    }

    [Theory]
    [InlineData("""{"allowedAgents":["support"]}""", "agent_not_allowed")]
    [InlineData("""{"scopes":["operator.read"]}""", "missing_scope")]
    [Trait("Feature", "T37")]
    public async Task A_turn_after_its_key_was_narrowed_is_refused(string change, string code)
    {
        await using var gateway = await StartAsync();
        var (id, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        using var socket = await SuiteSocket.ConnectAsync(new Uri(gateway.Url), key);
        Assert.Equal("completed", (await socket.TurnAsync(Turn)).Status);
        await gateway.PatchAsync($"/api/keys/{id}", change);

        Assert.Equal(code, (await socket.TurnAsync(Turn)).ErrorCode);
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("rotate")]
    [InlineData("expire")]
    [Trait("Feature", "T37")]
    public async Task An_idle_socket_ends_with_its_credential(string how)
    {
        await using var gateway = await StartAsync();
        var (id, key) = await gateway.CreateKeyAsync(
            """{"name":"x","scopes":["operator.write"],"expiresAt":"2030-01-01T00:05:00Z"}""");
        using var socket = await SuiteSocket.ConnectAsync(new Uri(gateway.Url), key);
        Assert.Equal("completed", (await socket.TurnAsync(Turn)).Status);
        await EndAsync(gateway, id, how);

        var last = (await gateway.WhileTimeGoesOnAsync(socket.ReceiveAsync(), _clock, Step))!.Value;
        Assert.Equal("invalid_api_key", last.GetProperty("error").GetProperty("code").GetString());
        Assert.Null(await socket.ReceiveAsync());
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("rotate")]
    [InlineData("expire")]
    [Trait("Feature", "T37")]
    public async Task A_stream_under_way_ends_with_its_credential_and_so_does_the_call_to_the_provider(string how)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var gone = HoldAfterOneDelta(upstream);
        var (id, key) = await gateway.CreateKeyAsync(
            """{"name":"x","scopes":["operator.write"],"expiresAt":"2030-01-01T00:05:00Z"}""");
        using var answer = await gateway.PostChatAsync(
            """{"model":"openclaw","stream":true,"messages":[{"role":"user","content":"hi"}]}""", r => r.Use(key), stream: true);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await EndAsync(gateway, id, how);

        var events = await gateway.WhileTimeGoesOnAsync(answer.ReadEventsAsync(), _clock, Step);
        Assert.Contains(events, e => e.Contains("\"invalid_api_key\"", StringComparison.Ordinal));
        await gone.WaitAsync(FunctionsHost.Patience);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_stream_ends_when_its_key_loses_the_agent()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var gone = HoldAfterOneDelta(upstream);
        var (id, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        using var answer = await gateway.PostResponseAsync(
            """{"model":"openclaw","stream":true,"input":"hi"}""", r => r.Use(key), stream: true);
        await gateway.PatchAsync($"/api/keys/{id}", """{"allowedAgents":["support"]}""");

        var events = await gateway.WhileTimeGoesOnAsync(answer.ReadEventsAsync(), _clock, Step);
        Assert.Contains(events, e => e.Contains("response.failed", StringComparison.Ordinal)
            && e.Contains("agent_not_allowed", StringComparison.Ordinal));
        await gone.WaitAsync(FunctionsHost.Patience);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_whole_answer_that_is_not_ready_yet_is_401_once_its_key_is_revoked()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var gone = HoldAfterOneDelta(upstream);
        var (id, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var asked = gateway.PostChatAsync(ApiKeyGateway.Chat, r => r.Use(key));
        await upstream.RequestAsync(0);
        await EndAsync(gateway, id, "revoke");

        using var answer = await gateway.WhileTimeGoesOnAsync(asked, _clock, Step);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        await gone.WaitAsync(FunctionsHost.Patience);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_live_transcript_ends_when_its_key_is_revoked()
    {
        await using var gateway = await StartAsync();
        var (id, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await gateway.PostDataAsync("/api/chat", """{"message":"one","sessionId":"s"}""", r => r.Use(key));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sessions/agent%3Amain%3Aapi%3As/history");
        request.Use(key);
        request.Headers.Add("Accept", "text/event-stream");
        using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await EndAsync(gateway, id, "revoke");

        var text = await gateway.WhileTimeGoesOnAsync(answer.Content.ReadAsStringAsync(), _clock, Step);
        Assert.Contains("\"one\"", text, StringComparison.Ordinal);
        Assert.Contains("\"invalid_api_key\"", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_stream_of_the_operator_ends_when_a_reload_replaces_the_secret()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        _ = HoldAfterOneDelta(upstream);
        using var answer = await gateway.PostChatAsync(
            """{"model":"openclaw","stream":true,"messages":[{"role":"user","content":"hi"}]}""", stream: true);
        var store = gateway.Services.GetRequiredService<GatewayConfigStore>();
        store.Current.Gateway.Auth.Token = "another-token-0c81";
        store.Replace(store.Current);

        var events = await gateway.WhileTimeGoesOnAsync(answer.ReadEventsAsync(), _clock, Step);
        Assert.Contains(events, e => e.Contains("\"invalid_api_key\"", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_stream_of_a_proxys_user_ends_when_a_reload_takes_the_user_off_the_list()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, c =>
        {
            c.Gateway.Auth.Mode = "trusted-proxy";
            c.Gateway.TrustedProxies = ["127.0.0.1", "::1"];
            c.Gateway.Auth.TrustedProxy = new()
            {
                UserHeader = "x-forwarded-user",
                AllowLoopback = true,
                AllowUsers = ["ada@example.com"],
            };
        });
        _ = HoldAfterOneDelta(upstream);
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var answer = await gateway.PostChatAsync(
            """{"model":"openclaw","stream":true,"messages":[{"role":"user","content":"hi"}]}""",
            r => r.Headers.Add("x-forwarded-user", "ada@example.com"), stream: true);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var store = gateway.Services.GetRequiredService<GatewayConfigStore>();
        store.Current.Gateway.Auth.TrustedProxy!.AllowUsers = ["bob@example.com"];
        store.Replace(store.Current);

        var events = await gateway.WhileTimeGoesOnAsync(answer.ReadEventsAsync(), _clock, Step);
        Assert.Contains(events, e => e.Contains("\"forbidden\"", StringComparison.Ordinal));
    }

    private async Task EndAsync(GatewayHost gateway, string id, string how)
    {
        switch (how)
        {
            case "revoke":
                using (var revoked = await gateway.Client.DeleteAsync($"/api/keys/{id}"))
                {
                    Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
                }

                break;
            case "rotate":
                await gateway.PostDataAsync($"/api/keys/{id}/rotate", "{}");
                break;
            default:
                _clock.Advance(TimeSpan.FromMinutes(4)); // the rest passes while the test waits
                break;
        }
    }

    /// <returns>Completes when the gateway has left the call.</returns>
    private static Task HoldAfterOneDelta(ScriptedUpstream upstream)
    {
        var gone = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("hello");
            await call.ClientGone;
            gone.SetResult();
        });
        return gone.Task;
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream? upstream = null, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(
            azurite.StorageAccount,
            c =>
            {
                c.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new(), ["support"] = new() };
                if (upstream is not null)
                {
                    c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
                    c.Agents.Defaults.Model = new() { Primary = "mock/m" };
                }

                configure?.Invoke(c);
            },
            s => s.AddSingleton<TimeProvider>(_clock));
}
