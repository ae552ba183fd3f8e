using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Tools;

public class SessionToolsTests(AzuriteFixture azurite)
{
    private const string Mine = "agent:main:api:mine";

    private const string Other = "agent:main:api:other";

    [Fact]
    public async Task A_client_lists_reads_and_looks_at_its_own_sessions_only()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var key = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await SayAsync(gateway, Mine, "my secret", key.Text);
        await SayAsync(gateway, Other, "owner's secret");

        var list = await InvokeAsync(gateway, "sessions_list", new { }, key.Text);
        var own = await InvokeAsync(gateway, "sessions_history", new { sessionKey = Mine }, key.Text);
        var status = await InvokeAsync(gateway, "session_status", new { sessionKey = Mine }, key.Text);
        var foreign = await InvokeAsync(gateway, "sessions_history", new { sessionKey = Other }, key.Text);
        var missing = await InvokeAsync(gateway, "sessions_history", new { sessionKey = "agent:main:api:nothing" }, key.Text);

        var sessions = JsonElement.Parse(TextOf(list)).GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal(Mine, Assert.Single(sessions).Text("key"));
        Assert.Contains("my secret", TextOf(own), StringComparison.Ordinal);
        Assert.StartsWith("<<<EXTERNAL_UNTRUSTED_CONTENT", TextOf(own), StringComparison.Ordinal);
        Assert.Equal(Mine, JsonElement.Parse(TextOf(status)).Text("key"));
        Assert.Equal(
            missing.GetProperty("error").Text("message").Replace("nothing", "other", StringComparison.Ordinal),
            foreign.GetProperty("error").Text("message"));
    }

    [Fact]
    public async Task The_operator_reads_sessions_of_others()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var key = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await SayAsync(gateway, Mine, "of the key", key.Text);

        Assert.Contains("of the key", TextOf(await InvokeAsync(gateway, "sessions_history", new { sessionKey = Mine })),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("self", false, false)]
    [InlineData("agent", true, false)]
    [InlineData("all", true, true)]
    public async Task A_run_reaches_other_sessions_only_as_far_as_configured(string visibility, bool ofAgent, bool ofOther)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new(), ["two"] = new() };
            c.Tools = new ToolsSection { Sessions = new SessionToolsSection { Visibility = visibility } };
        });
        await SayAsync(gateway, Mine, "one");
        await SayAsync(gateway, Other, "two");
        await SayAsync(gateway, "agent:two:api:x", "three");
        var session = new SessionKey("", "main", Mine);

        Assert.Contains("one", await ReadInRunAsync(gateway, session, null), StringComparison.Ordinal);
        Assert.Equal(ofAgent, await ReadInRunAsync(gateway, session, Other) is not null);
        Assert.Equal(ofOther, await ReadInRunAsync(gateway, session, "agent:two:api:x") is not null);
    }

    [Fact]
    public async Task The_run_of_a_channels_sender_reaches_its_own_session_only()
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Tools = new ToolsSection { Sessions = new SessionToolsSection { Visibility = "all" } });
        var channel = Caller.OfChannel("telegram");
        var (own, other) = (new SessionKey(channel.Subject, "main", "agent:main:telegram:direct:1"),
            new SessionKey(channel.Subject, "main", "agent:main:telegram:direct:2"));

        Assert.Equal(
            "There is no session 'agent:main:telegram:direct:2'.", await FailInRunAsync(gateway, own, other.Key, channel));
    }

    [Fact]
    public async Task A_message_to_another_session_is_answered_there_once_however_often_the_call_is_made()
    {
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount, configure: c =>
            c.Tools = new ToolsSection { Sessions = new SessionToolsSection { Visibility = "agent" } });
        gateway.Upstream.Always(call => call.StreamTextAsync("done"));
        await SayAsync(gateway.Host, Other, "hello");
        var before = gateway.Upstream.Requests.Count;
        var (arguments, session) = (new { sessionKey = Other, message = "please look" }, new SessionKey("", "main", Mine));

        var first = await gateway.Host.CallInRunAsync("sessions_send", arguments, "call_1", session);
        var again = await gateway.Host.CallInRunAsync("sessions_send", arguments, "call_1", session);
        var runId = JsonElement.Parse(first).Text("runId");
        await gateway.EndOfAsync(runId);

        Assert.Equal(runId, JsonElement.Parse(again).Text("runId"));
        Assert.Equal(before + 1, gateway.Upstream.Requests.Count);
        Assert.Contains(
            "[Message from the session agent:main:api:mine]", gateway.Upstream.Requests[^1].Body.GetRawText(), StringComparison.Ordinal);
    }

    private static Task<string?> ReadInRunAsync(GatewayHost gateway, SessionKey session, string? key) => TryInRunAsync(
        gateway, session, key, ToolGateway.Operator);

    private static async Task<string?> TryInRunAsync(GatewayHost gateway, SessionKey session, string? key, Caller caller)
    {
        try
        {
            return await gateway.CallInRunAsync("sessions_history", new { sessionKey = key }, "call_r", session, caller);
        }
        catch (ToolException)
        {
            return null;
        }
    }

    private static async Task<string> FailInRunAsync(GatewayHost gateway, SessionKey session, string key, Caller caller) =>
        (await Assert.ThrowsAsync<ToolException>(
            () => gateway.CallInRunAsync("sessions_history", new { sessionKey = key }, "call_r", session, caller))).Message;

    private static async Task<JsonElement> InvokeAsync(GatewayHost gateway, string tool, object args, string? bearer = null)
    {
        using var answer = await gateway.PostAsync(
            "/tools/invoke", ToolGateway.Write(new { tool, args }), bearer is null ? null : r => r.Use(bearer));
        return await answer.ReadJsonAsync();
    }

    private static string TextOf(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("content")[0].Text("text");

    private static async Task SayAsync(GatewayHost gateway, string session, string text, string? bearer = null)
    {
        var agent = session.Split(':')[1];
        using var answer = await gateway.PostChatAsync(
            ToolGateway.Write(new { model = "openclaw/" + agent, messages = new[] { new { role = "user", content = text } } }),
            r =>
            {
                r.Headers.Add("x-openclaw-session-key", session);
                if (bearer is not null)
                {
                    r.Use(bearer);
                }
            });
        answer.EnsureSuccessStatusCode();
    }
}
