using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Security.Keys;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.ApiKeyGateway;

namespace OpenClaw.Tests.Core.Security;

/// <summary>What a named key cannot reach: other keys' conversations, other agents, and more than it was given.</summary>
public class ApiKeyBoundaryTests(AzuriteFixture azurite)
{
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    [Trait("Feature", "F30")]
    public async Task Responses_of_one_key_are_as_unknown_to_another_as_if_they_never_were()
    {
        await using var gateway = await StartAsync();
        var (_, ann) = await gateway.CreateKeyAsync(Writer);
        var (_, bob) = await gateway.CreateKeyAsync(Writer);
        var id = (await gateway.CreateAsync("""{"model":"openclaw","input":"secret of ann"}""", r => r.Use(ann))).Id();

        using var get = await gateway.SendAsync(HttpMethod.Get, $"/v1/responses/{id}", bob);
        using var delete = await gateway.SendAsync(HttpMethod.Delete, $"/v1/responses/{id}", bob);
        using var input = await gateway.SendAsync(HttpMethod.Get, $"/v1/responses/{id}/input_items", bob);
        using var go = await gateway.PostResponseAsync(
            $$"""{"model":"openclaw","input":"more","previous_response_id":"{{id}}"}""", r => r.Use(bob));
        foreach (var (answer, code) in new[] { (get, "response_not_found"), (delete, "response_not_found"), (input, "response_not_found"), (
            go, "previous_response_not_found") })
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal(code, (await answer.ReadErrorAsync()).Code);
        }

        await gateway.CreateAsync($$"""{"model":"openclaw","input":"more","previous_response_id":"{{id}}"}""", r => r.Use(ann));
        using var own = await gateway.SendAsync(HttpMethod.Get, $"/v1/responses/{id}", ann);
        using var master = await gateway.SendAsync(HttpMethod.Get, $"/v1/responses/{id}", GatewayHost.Token);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (own.StatusCode, master.StatusCode));
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task Sessions_of_the_same_name_are_different_sessions_for_different_keys()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            c => c.Models.Providers = new Dictionary<string,
            ProviderSection>
            { ["mock"] = upstream.ProviderConfig("openai-completions", "m") });
        var (_, ann) = await gateway.CreateKeyAsync(Writer);
        var (_, bob) = await gateway.CreateKeyAsync(Writer);
        foreach (var key in new[] { ann, ann, bob, GatewayHost.Token })
        {
            Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(key, ("x-openclaw-session-key", "shared-name"))).Status);
        }

        Assert.Equal([1, 3, 1, 1], upstream.Requests.Select(r => r.Body.GetProperty("messages").GetArrayLength()));
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task A_key_runs_only_its_agents_in_sessions_of_its_prefix()
    {
        await using var gateway = await StartAsync();
        var (_, text) = await gateway.CreateKeyAsync(
            """{"name":"support","scopes":["operator.write"],"allowedAgents":["support"],"sessionPrefix":"team-"}""");

        Assert.Equal((HttpStatusCode.Forbidden, "agent_not_allowed"), await gateway.ChatAsync(text));
        Assert.Equal((HttpStatusCode.OK, null), await gateway.ChatAsync(text, ("x-openclaw-agent-id", "support")));
        Assert.Equal((HttpStatusCode.OK, null), await gateway.ChatAsync(
            text, ("x-openclaw-agent-id", "support"), ("x-openclaw-session-key", "team-1")));
        Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), await gateway.ChatAsync(
            text, ("x-openclaw-agent-id", "support"), ("x-openclaw-session-key", "other")));
        foreach (var (agent, status) in new[] { ("main", HttpStatusCode.Forbidden), ("support", HttpStatusCode.OK) })
        {
            using var vectors = await gateway.PostAsync("/v1/embeddings", """{"model":"echo/echo","input":"x"}""", r =>
            {
                r.Use(text);
                r.Headers.Add("x-openclaw-agent-id", agent);
            });
            Assert.Equal(status, vectors.StatusCode);
        }

        using var response = await gateway.PostResponseAsync("""{"model":"openclaw","input":"x"}""", r => r.Use(text));
        Assert.Equal("agent_not_allowed", (await response.ReadErrorAsync()).Code);
    }

    [Theory]
    [InlineData("""{"name":"x","scopes":["operator.read"]}""", false)]
    [InlineData("""{"name":"x","scopes":["operator.read"],"allowedAgents":["main"],"sessionPrefix":"team-a","expiresAt":"2039-01-01T00:00:00Z"}""", false)]
    [InlineData("""{"name":"x","scopes":["operator.read"],"allowedAgents":["support"],"sessionPrefix":"te","expiresAt":"2039-01-01T00:00:00Z"}""", false)]
    [InlineData("""{"name":"x","scopes":["operator.read"],"allowedAgents":["support"],"sessionPrefix":"team-a"}""", false)]
    [InlineData("""{"name":"x","scopes":["operator.read"],"allowedAgents":["support"],"sessionPrefix":"team-a","expiresAt":"2039-01-01T00:00:00Z"}""", true)]
    [Trait("Feature", "T6")]
    public async Task A_restricted_admin_key_makes_no_key_that_can_do_more(string json, bool allowed)
    {
        await using var gateway = await StartAsync();
        var (id, wide) = await gateway.CreateKeyAsync("""{"name":"wide","scopes":["operator.admin"]}""");
        var (own, admin) = await gateway.CreateKeyAsync(
            """{"name":"admin","scopes":["operator.admin"],"allowedAgents":["support"],"sessionPrefix":"team-","expiresAt":"2040-01-01T00:00:00Z"}""", wide);
        using var made = await gateway.PostAsync("/api/keys", json, r => r.Use(admin));
        Assert.Equal(allowed ? HttpStatusCode.Created : HttpStatusCode.Forbidden, made.StatusCode);

        using var stolen = await gateway.PostAsync($"/api/keys/{id}/rotate", "{}", r => r.Use(admin));
        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), await stolen.ReadFailureAsync());
        var freed = await gateway.PatchAsync($"/api/keys/{own}", """{"allowedAgents":[]}""", admin);
        Assert.Equal("FORBIDDEN", freed.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    [Trait("Feature", "T6")]
    public async Task Minted_scopes_are_never_wider_than_the_callers()
    {
        await using var gateway = await StartAsync();
        var store = gateway.Services.GetRequiredService<ApiKeyStore>();
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>>(), seed =>
        {
            var random = new Random(seed.Item);
            var (held, asked) = ((Scope)random.Next(256), (Scope)random.Next(256));
            var caller = new Caller("user:x", held, IsIdentity: true, IsOwner: true);
            try
            {
                var minted = store.CreateAsync(
                    caller, key => key with { Name = "x", Scopes = asked }, CancellationToken.None).GetAwaiter().GetResult().Key;
                return minted.Scopes == asked
                    && Enumerable.Range(0, 8).All(bit => !asked.Covers((Scope)(1 << bit)) || held.Covers((Scope)(1 << bit)));
            }
            catch (GatewayException refused)
            {
                return refused.Error.Status == 403 && !held.Covers(asked);
            }
        }).QuickCheckThrowOnFailure();
    }

    private Task<GatewayHost> StartAsync(Action<GatewayConfig>? configure = null) =>
        ApiKeyGateway.StartAsync(azurite.StorageAccount, _prefix, TimeProvider.System, c =>
        {
            c.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new() { Default = true }, ["support"] = new() };
            configure?.Invoke(c);
        });
}
