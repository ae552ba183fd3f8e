using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary><c>tools.*</c> on the control plane.</summary>
public class ToolMethodTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F69")]
    public async Task The_catalogue_and_the_effective_tools_are_listed_by_group()
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Tools = c.Tools with { Rules = c.Tools.Rules with { Deny = ["fs_delete"] } });
        await using var client = await ControlClient.ConnectAsync(gateway, "operator.read");

        var catalog = await client.RequestAsync("tools.catalog");
        var effective = await client.RequestAsync("tools.effective", """{"sessionKey":"main"}""");

        var fs = catalog.GetProperty("groups").EnumerateArray().Single(g => g.Text("id") == "fs");
        Assert.Contains("fs_delete", fs.GetProperty("tools").EnumerateArray().Select(t => t.Text("id")));
        Assert.Equal(["coding", "full"], fs.GetProperty("tools")[0].GetProperty("defaultProfiles").EnumerateArray().Select(
            p => p.GetString()));
        Assert.Equal(["minimal", "coding", "messaging", "full"], catalog.GetProperty("profiles").EnumerateArray().Select(p => p.Text("id")));
        var names = effective.GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("tools").EnumerateArray()).Select(
            t => t.Text("id")).ToList();
        Assert.Contains("fs_read", names);
        Assert.DoesNotContain("fs_delete", names);
        Assert.Equal("main", effective.Text("agentId"));
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task A_tool_is_called_once_for_a_key_and_refusals_are_results()
    {
        var called = 0;
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, services: s => s.AddSingleton<IToolSource>(
            new TestTools(new TestTool("count", (_, _) => Task.FromResult(ToolResult.Of($"{++called}"))))));
        await using var client = await ControlClient.ConnectAsync(gateway, "operator.write");
        const string Call = """{"name":"count","args":{"n":1},"idempotencyKey":"k"}""";

        var first = await client.RequestAsync("tools.invoke", Call);
        var again = await client.RequestAsync("tools.invoke", Call);
        var denied = await client.RequestAsync("tools.invoke", """{"name":"fs_write","args":{"path":"a","content":"b"}}""");

        Assert.True(first.GetProperty("ok").GetBoolean());
        Assert.Equal("1", first.GetProperty("output").GetProperty("content")[0].Text("text"));
        Assert.Equal(first.GetProperty("output").GetRawText(), again.GetProperty("output").GetRawText());
        Assert.Equal((false, "tool_not_found"), (denied.GetProperty("ok").GetBoolean(), denied.GetProperty("error").Text("code")));
    }
}
