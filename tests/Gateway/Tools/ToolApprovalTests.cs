using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Tools;

/// <summary>Calls that wait for a person.</summary>
[Trait("Feature", "F5")]
public sealed class ToolApprovalTests(AzuriteFixture azurite)
{
    private const string Ask = """{"model":"mock/m","messages":[{"role":"user","content":"go"}]}""";

    [Theory]
    [InlineData("allow-once", "done")]
    [InlineData("deny", "Error: A person denied the call of 'a'; it was not made.")]
    public async Task A_call_waits_and_any_instance_decides_it(string decision, string told)
    {
        var calls = 0;
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("a", """{"n":5}"""))).Next(call => call.CallAsync("Done."));
        await using var gateway = await StartAsync(upstream, null, () => calls++);
        await using var other = await StartAsync(upstream, gateway.Prefix, () => { });
        await using var watcher = await ControlClient.ConnectAsync(gateway, "operator.approvals", "operator.read");

        var answering = gateway.PostChatAsync(Ask, request => request.Headers.Add("x-openclaw-session-key", "waits"));
        var asked = await watcher.EventAsync("exec.approval.requested");
        var id = asked.GetProperty("id").GetString()!;
        Assert.Equal("""a {"n":5}""", asked.GetProperty("request").GetProperty("command").GetString());
        Assert.Equal(0, calls);
        var waiting = Assert.Single((await other.GetDataAsync("/api/v1/approvals")).GetProperty("approvals").EnumerateArray().ToList());
        Assert.Equal((id, "a", "main", "waits"), (
            waiting.GetProperty("id").GetString(), waiting.GetProperty("tool").GetString(), waiting.GetProperty("agentId").GetString(),
            waiting.GetProperty("sessionKey").GetString()));

        await other.PostDataAsync($"/api/v1/approvals/{id}", $$"""{"decision":"{{decision}}"}""");

        using var answer = await answering;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(told, Assert.Single(upstream.Requests[1].Results()));
        Assert.Equal(decision == "deny" ? 0 : 1, calls);
        Assert.Empty((await gateway.GetDataAsync("/api/v1/approvals")).GetProperty("approvals").EnumerateArray());
        var history = await watcher.RequestAsync("approval.history", """{"limit":10}""");
        Assert.Equal(decision, Assert.Single(history.GetProperty("items").EnumerateArray().ToList()).GetProperty("decision").GetString());
    }

    [Fact]
    public async Task The_control_plane_decides_and_clients_are_told()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("a", "{}"))).Next(call => call.CallAsync("Done."));
        await using var gateway = await StartAsync(upstream, null, () => { });
        await using var watcher = await ControlClient.ConnectAsync(gateway, "operator.approvals");
        await using var reader = await ControlClient.ConnectAsync(gateway, "operator.read");

        var answering = gateway.PostChatAsync(Ask);
        var id = (await watcher.EventAsync("exec.approval.requested")).GetProperty("id").GetString()!;
        Assert.Equal(id, (await watcher.RequestAsync("exec.approval.list"))[0].GetProperty("id").GetString());
        Assert.Equal("FORBIDDEN", (await reader.FailAsync("approval.list")).GetProperty("code").GetString());
        var body = $$"""{"id":"{{id}}","decision":"allow-once"}""";
        await watcher.RequestAsync("exec.approval.resolve", body);
        var told = await watcher.EventAsync("exec.approval.resolved");
        Assert.Equal((id, "allow-once"), (told.GetProperty("id").GetString(), told.GetProperty("decision").GetString()));
        await watcher.RequestAsync("approval.resolve", body); // again, as after a lost answer
        var refused = await watcher.FailAsync("approval.resolve", body.Replace("allow-once", "deny", StringComparison.Ordinal));
        Assert.Equal("INVALID_REQUEST", refused.GetProperty("code").GetString());

        using var answer = await answering;
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Nobody_s_approval_in_time_is_a_denial()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.CallAsync("", ("a", "{}"))).Next(call => call.CallAsync("Sorry."));
        await using var gateway = await StartAsync(upstream, null, () => Assert.Fail("The call was made."), seconds: 1);

        using var answer = await gateway.PostChatAsync(Ask);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("Error: Nobody approved the call of 'a' in time, so it was not made.", Assert.Single(upstream.Requests[1].Results()));
    }

    [Theory]
    [InlineData("aaaaaaaaaa", """{"decision":"deny"}""", HttpStatusCode.NotFound)]
    [InlineData("x", """{"decision":"deny"}""", HttpStatusCode.NotFound)]
    [InlineData("aaaaaaaaaa", """{"decision":"maybe"}""", HttpStatusCode.BadRequest)]
    [InlineData("aaaaaaaaaa", "{}", HttpStatusCode.BadRequest)]
    public async Task A_decision_about_nothing_is_refused(string id, string body, HttpStatusCode status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, null, () => { });

        using var answer = await gateway.PostAsync($"/api/v1/approvals/{id}", body);

        Assert.Equal(status, answer.StatusCode);
    }

    private Task<GatewayHost> StartAsync(
        ScriptedUpstream upstream, string? prefix, Action called, int seconds = 600) => GatewayHost.StartAsync(
        azurite.StorageAccount,
        config =>
        {
            config.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            config.Storage.Prefix = prefix ?? config.Storage.Prefix;
            config.Tools = config.Tools with { RequireApproval = ["group:risky"], ApprovalTimeoutSeconds = seconds };
        },
        services => services.AddSingleton<IToolSource>(new TestTools(new TestTool("a", (_, _) =>
        {
            called();
            return Task.FromResult(ToolResult.Of("done"));
        })
        {
            Groups = ["group:risky"],
        })));
}
