using System.Net;
using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>Chains of responses: what a continuation sees, and who may make one.</summary>
public class ContinuationTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F49")]
    [Trait("Feature", "D4")]
    public async Task Two_continuations_of_one_response_see_it_and_not_each_other()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var first = await gateway.CreateAsync("""{"input":[{"role":"system","content":"Rule."},{"role":"user","content":"one"}]}""");
        var left = await gateway.CreateAsync(Continue(first, "left"));
        await gateway.CreateAsync(Continue(first, "right"));
        await gateway.CreateAsync(Continue(left, "more"));

        Assert.Equal(["system:Rule.", "user:one", "assistant:one", "user:left"], Sent(upstream, 1));
        Assert.Equal(["system:Rule.", "user:one", "assistant:one", "user:right"], Sent(upstream, 2));
        Assert.Equal(["system:Rule.", "user:one", "assistant:one", "user:left", "assistant:left", "user:more"], Sent(upstream, 3));
    }

    [Fact]
    public async Task Continuations_at_the_same_moment_all_succeed()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var first = await gateway.CreateAsync("""{"input":"one"}""");
        var others = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => gateway.CreateAsync(Continue(first, $"branch {i}"))));

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"branch {i}"), others.Select(r => r.Text()));
        Assert.All(Enumerable.Range(1, 8), i => Assert.Equal(["user:one", "assistant:one"], Sent(upstream, i)[..^1]));
        var again = await gateway.CreateAsync(Continue(others[5], "again"));
        Assert.Equal("again", again.Text());
        Assert.Equal(["user:one", "assistant:one", "user:branch 5", "assistant:branch 5", "user:again"], Sent(upstream, 9));
    }

    [Fact]
    public async Task A_branch_off_a_busy_session_of_a_user_goes_on_with_and_without_naming_the_user()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var first = await gateway.CreateAsync("""{"user":"uma","input":"one"}""");
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            asked.SetResult();
            await gate.Task;
            await call.StreamTextAsync("held");
        });
        var holder = gateway.CreateAsync("""{"user":"uma","input":"hold"}""");
        await asked.Task;
        var branch = await gateway.CreateAsync(Continue(first, "branch"));
        gate.SetResult();
        await holder;
        await gateway.CreateAsync(Continue(branch, "named").Replace("{", "{\"user\":\"uma\",", StringComparison.Ordinal));
        await gateway.CreateAsync(Continue(branch, "unnamed"));

        Assert.Equal(["user:one", "assistant:one", "user:branch", "assistant:branch", "user:named"], Sent(upstream, 3));
        Assert.Equal(["user:one", "assistant:one", "user:branch", "assistant:branch", "user:unnamed"], Sent(upstream, 4));
    }

    [Fact]
    public async Task A_response_is_found_by_another_instance_on_the_same_storage()
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await StartAsync(upstream, prefix);
        await using var two = await StartAsync(upstream, prefix);
        var first = await one.CreateAsync("""{"input":"one"}""");
        var second = await two.CreateAsync(Continue(first, "two"));
        using var found = await one.Client.GetAsync($"{ResponsesGateway.Path}/{second.Id()}");

        Assert.Equal(["user:one", "assistant:one", "user:two"], Sent(upstream, 1));
        Assert.Equal(second.GetRawText(), (await found.ReadJsonAsync()).GetRawText());
    }

    [Fact]
    [Trait("Feature", "F51")]
    [Trait("Feature", "F53")]
    public async Task A_call_is_answered_without_repeating_its_tools_and_instructions_are_not_inherited()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_a", "look", "{\"q\":1}");
            await call.FinishAsync("tool_calls");
        });
        var first = await gateway.CreateAsync(
            """{"instructions":"Once.","tools":[{"type":"function","function":{"name":"look","description":"Looks"}}],"input":"Look"}""");
        var called = first.GetProperty("output")[0];
        var second = await gateway.CreateAsync(
            $$"""{"previous_response_id":"{{first.Id()}}","input":[{"type":"function_call_output","call_id":"call_a","output":"found"}]}""");

        Assert.Equal(("call_a", "{\"q\":1}", "completed"), (
            called.GetProperty("call_id").GetString(), called.GetProperty("arguments").GetString(), called.Status()));
        Assert.StartsWith("fc_", called.Id(), StringComparison.Ordinal);
        Assert.Equal(["name", "description", "parameters", "strict", "type"], first.GetProperty("tools")[0].EnumerateObject().Select(
            p => p.Name));
        Assert.Equal("completed", second.Status());
        var sent = upstream.Requests[1].Body;
        Assert.False(sent.TryGetProperty("tools", out _));
        Assert.Equal(["user", "assistant", "tool"], sent.GetProperty("messages").EnumerateArray().Select(
            m => m.GetProperty("role").GetString()!));
        Assert.Equal("found", sent.GetProperty("messages")[2].GetProperty("content").GetString());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("instructions").ValueKind);
    }

    [Theory]
    [InlineData("resp_unknown")]
    [InlineData("'; drop")]
    [InlineData("resp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB")]
    [Trait("Feature", "F49")]
    public async Task An_unknown_response_is_404_in_json_and_as_a_stream(string id)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        foreach (var stream in (string[])["false", "true"])
        {
            using var answer = await gateway.PostResponseAsync($$"""{"stream":{{stream}},"previous_response_id":"{{id}}","input":"Hi"}""");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            var error = await answer.ReadErrorAsync();
            Assert.Equal(("previous_response_not_found", "previous_response_id"), (error.Code, error.Param));
        }
    }

    [Fact]
    [Trait("Feature", "F49")]
    public async Task Another_agent_user_or_session_is_not_found_and_an_absent_one_is_inherited()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, configure: c =>
            c.Agents.Entries = new Dictionary<string, OpenClaw.Configuration.AgentSection> { ["main"] = new(), ["other"] = new() });
        var first = await gateway.CreateAsync("""{"user":"ada","input":"one"}""");
        foreach (var (more, header) in (
            (string, string?)[])[("\"user\":\"bob\",", null), ("\"model\":\"openclaw/other\",", null), ("", "some-session")])
        {
            using var answer = await gateway.PostResponseAsync(
                $$"""{{{more}}"previous_response_id":"{{first.Id()}}","input":"two"}""",
                r => r.Headers.TryAddWithoutValidation("x-openclaw-session-key", header is null ? [] : [header]));
            Assert.Equal("previous_response_not_found", (await answer.ReadErrorAsync()).Code);
        }

        Assert.Equal("two", (await gateway.CreateAsync(Continue(first, "two"))).Text());
        await gateway.CreateAsync("""{"user":"ada","input":"three"}""");
        Assert.Equal(["user:one", "assistant:one", "user:two", "assistant:two", "user:three"], Sent(upstream, 2));
    }

    [Fact]
    [Trait("Feature", "T36")]
    public async Task Another_subject_neither_sees_nor_continues_nor_deletes_a_response()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            (c.Gateway.Auth.Mode, c.Gateway.Auth.Token) = ("trusted-proxy", null);
            c.Gateway.TrustedProxies = ["127.0.0.1", "::1"];
            c.Gateway.Auth.TrustedProxy = new() { UserHeader = "x-user", AllowLoopback = true };
        });
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        var first = await gateway.CreateAsync("""{"input":"secret"}""", As("ada"));
        using var stolen = await gateway.PostResponseAsync(Continue(first, "go on"), As("bob"));
        Assert.Equal("previous_response_not_found", (await stolen.ReadErrorAsync()).Code);
        foreach (var (method, path) in ((string, string)[])[("GET", ""), ("GET", "/input_items"), ("DELETE", ""), ("POST", "/cancel")])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{ResponsesGateway.Path}/{first.Id()}{path}");
            As("bob")(request);
            using var answer = await gateway.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode.NotFound, "response_not_found"), (answer.StatusCode, (await answer.ReadErrorAsync()).Code));
        }

        Assert.Equal("mine", (await gateway.CreateAsync(Continue(first, "mine"), As("ada"))).Text());

        static Action<HttpRequestMessage> As(string user) => r => r.Headers.TryAddWithoutValidation("x-user", user);
    }

    [Fact]
    [Trait("Feature", "F45")]
    public async Task A_user_has_a_session_of_its_own_and_the_header_names_one_outright()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await gateway.CreateAsync("""{"user":"ada","input":"one"}""");
        await gateway.CreateAsync("""{"user":"ada","input":"two"}""");
        await gateway.CreateAsync("""{"user":"bob","input":"three"}""");
        await gateway.CreateAsync("""{"input":"four"}""", Session);
        await gateway.CreateAsync("""{"user":"ada","input":"five"}""", Session);
        await gateway.CreateAsync("""{"input":"six"}""");

        Assert.Equal(["user:one", "assistant:one", "user:two"], Sent(upstream, 1));
        Assert.Equal(["user:three"], Sent(upstream, 2));
        Assert.Equal(["user:four", "assistant:four", "user:five"], Sent(upstream, 4));
        Assert.Equal(["user:six"], Sent(upstream, 5));

        static void Session(HttpRequestMessage request) => request.Headers.Add("x-openclaw-session-key", "desk");
    }

    private static string Continue(JsonElement response, string input) =>
        $$"""{"previous_response_id":"{{response.Id()}}","input":"{{input}}"}""";

    /// <summary>The messages of a request to the provider, as <c>role:text</c>.</summary>
    private static List<string> Sent(ScriptedUpstream upstream, int request) =>
        [.. upstream.Requests[request].Body.GetProperty("messages").EnumerateArray()
            .Select(m => $"{m.GetProperty("role").GetString()}:{m.GetProperty("content")}")];

    private Task<GatewayHost> StartAsync(
        ScriptedUpstream upstream, string? prefix = null, Action<OpenClaw.Configuration.GatewayConfig>? configure = null) =>
        ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c =>
        {
            c.Models.Providers["mock"].Models = [new() { Id = "test-model" }];
            c.Agents.Defaults.Model = new() { Primary = "mock/test-model" };
            c.Storage.Prefix = prefix ?? c.Storage.Prefix;
            configure?.Invoke(c);
        });
}
