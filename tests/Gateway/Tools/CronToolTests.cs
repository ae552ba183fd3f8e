using System.Net;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Security;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Tools;

public class CronToolTests(AzuriteFixture azurite)
{
    private const string Job =
        """{"schedule":{"kind":"cron","expr":"0 4 1 1 *"},"payload":{"kind":"agentTurn","message":"Report!"},"delivery":{"mode":"none"}}""";

    [Fact]
    [Trait("Feature", "F69")]
    public async Task The_owner_manages_jobs_once_the_tool_is_lifted()
    {
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, configure: c => c.Gateway.Tools = new GatewayToolsSection { Allow = ["cron"] });

        var added = await InvokeAsync(gateway.Host, $$"""{"action":"add","job":{{Job}}}""");
        var id = added.Text("id");
        var list = await InvokeAsync(gateway.Host, """{"action":"list"}""");
        var run = await InvokeAsync(gateway.Host, $$"""{"action":"run","jobId":"{{id}}"}""");
        await gateway.EndOfAsync(run.Text("runId"));
        await InvokeAsync(gateway.Host, $$"""{"action":"remove","jobId":"{{id}}"}""");
        var rest = await InvokeAsync(gateway.Host, """{"action":"list"}""");
        using var byAction = await gateway.Host.PostAsync("/tools/invoke", """{"tool":"cron","action":"list"}""");

        Assert.Equal("main", added.Text("agentId"));
        Assert.Equal(id, Assert.Single(list.GetProperty("jobs").EnumerateArray()).Text("id"));
        Assert.Empty(rest.GetProperty("jobs").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, byAction.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T22")]
    public async Task Nobody_else_has_it_even_if_it_is_lifted()
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Tools = new GatewayToolsSection { Allow = ["cron"] });
        var key = await gateway.CreateKeyAsync("""{"name":"admin","scopes":["operator.admin"]}""");

        using var answer = await gateway.PostAsync("/tools/invoke", """{"tool":"cron","args":{"action":"list"}}""", r => r.Use(key.Text));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_run_without_the_rights_of_an_administrator_cannot_use_it()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var writer = new Caller("key:abc", Scope.OperatorWrite, IsIdentity: true, IsOwner: true);

        await Assert.ThrowsAsync<OpenClaw.Errors.GatewayException>(
            () => gateway.CallAsync("cron", """{"action":"list"}""", caller: writer));
    }

    private static async Task<JsonElement> InvokeAsync(GatewayHost gateway, string args)
    {
        using var answer = await gateway.PostAsync("/tools/invoke", $$$"""{"tool":"cron","args":{{{args}}}}""");
        var json = await answer.ReadJsonAsync();
        Assert.True(json.GetProperty("ok").GetBoolean(), json.GetRawText());
        return JsonElement.Parse(json.GetProperty("result").GetProperty("content")[0].Text("text"));
    }
}
