using System.Text.Json;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary><c>cron.*</c>, <c>wake</c> and <c>hooks.status</c> on the control plane.</summary>
public class CronMethodTests(Support.AzuriteFixture azurite)
{
    /// <summary>As the original's command line sends it.</summary>
    private const string Job =
        """
        {"name":"Report","enabled":true,"schedule":{"kind":"cron","expr":"0 4 1 1 *"},"sessionTarget":"isolated","wakeMode":"now",
         "payload":{"kind":"agentTurn","message":"Report!","lightContext":false},"delivery":{"mode":"none"}}
        """;

    [Fact]
    [Trait("Feature", "F11")]
    public async Task Jobs_are_made_listed_changed_started_and_removed_and_clients_are_told()
    {
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount);
        await using var admin = await ControlClient.ConnectAsync(gateway.Host, "operator.admin");
        await using var reader = await ControlClient.ConnectAsync(gateway.Host, "operator.read");
        var job = await admin.RequestAsync("cron.add", Job);
        var id = job.GetProperty("id").GetString()!;
        Assert.Equal((id, "added"), Told(await reader.EventAsync("cron")));

        var list = await reader.RequestAsync("cron.list", """{"includeDisabled":true,"limit":10,"compact":true}""");
        Assert.Equal(
            (id, 1, false),
            (list.GetProperty("jobs")[0].GetProperty("id").GetString(), list.GetProperty("total").GetInt32(),
                list.GetProperty("hasMore").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, list.GetProperty("nextOffset").ValueKind);
        var status = await reader.RequestAsync("cron.status");
        Assert.Equal((true, 1), (status.GetProperty("enabled").GetBoolean(), status.GetProperty("jobs").GetInt32()));
        Assert.Equal(
            job.GetProperty("state").GetProperty("nextRunAtMs").GetInt64(), status.GetProperty("nextWakeAtMs").GetInt64());

        var changed = await admin.RequestAsync("cron.update", $$$"""{"id":"{{{id}}}","patch":{"name":"Daily"}}""");
        Assert.Equal("Daily", changed.GetProperty("name").GetString());
        Assert.False((await admin.RequestAsync("cron.run", $$"""{"id":"{{id}}","mode":"due"}""")).GetProperty("ran").GetBoolean());
        var started = await admin.RequestAsync("cron.run", $$"""{"id":"{{id}}","mode":"force"}""");
        await gateway.EndOfAsync(started.GetProperty("runId").GetString()!);
        var runs = await reader.RequestAsync("cron.runs", """{"scope":"all","limit":50,"offset":0,"status":"all","sortDir":"desc"}""");
        Assert.Equal("ok", Assert.Single(runs.GetProperty("entries").EnumerateArray()).GetProperty("status").GetString());
        Assert.Equal((id, "finished"), Told(await reader.EventAsync("cron", e => e.GetProperty("action").GetString() == "finished")));

        Assert.Equal("Daily", (await reader.RequestAsync("cron.get", $$"""{"id":"{{id}}"}""")).GetProperty("name").GetString());
        await admin.RequestAsync("cron.remove", $$"""{"id":"{{id}}"}""");
        Assert.Equal(0, (await reader.RequestAsync("cron.list")).GetProperty("total").GetInt32());
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task What_cannot_be_is_refused_and_jobs_need_an_administrator()
    {
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount);
        await using var admin = await ControlClient.ConnectAsync(gateway.Host, "operator.admin");
        await using var writer = await ControlClient.ConnectAsync(gateway.Host, "operator.write");
        foreach (var (method, parameters) in new[]
        {
            ("cron.add", "{}"), ("cron.add", Job.Replace("\"0 4 1 1 *\"", "\"0 0 30 2 *\"", StringComparison.Ordinal)),
            ("cron.add", Job.Replace("\"enabled\":true", "\"extra\":1", StringComparison.Ordinal)), ("cron.get", "{}"),
            ("cron.get", """{"id":"job_none"}"""), ("cron.update", """{"id":"job_none","patch":7}"""), ("cron.list", """{"unknown":1}"""),
            ("wake", "{}"), ("wake", """{"text":" "}"""),
            ("wake", """{"text":"x","mode":"soon"}"""), ("wake", """{"text":"x","agentId":"nobody"}"""),
        })
        {
            Assert.Equal("INVALID_REQUEST", (await admin.FailAsync(method, parameters)).GetProperty("code").GetString());
        }

        Assert.Equal("FORBIDDEN", (await writer.FailAsync("cron.add", Job)).GetProperty("code").GetString());
        Assert.Equal(0, (await admin.RequestAsync("cron.list")).GetProperty("total").GetInt32());
    }

    [Fact]
    [Trait("Feature", "F71")]
    public async Task A_wake_reaches_the_agent_and_the_state_of_hooks_tells_no_secret()
    {
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount,
            "mappings: [{ id: 'gh', match: { path: 'github' }, messageTemplate: 'x', signature: { scheme: 'github', secret: 'canary-secret' } }]");
        await using var client = await ControlClient.ConnectAsync(gateway.Host, "operator.write");
        var woken = await client.RequestAsync("wake", """{"text":"Rain","mode":"now"}""");
        Assert.Equal(("now", "queued"), (woken.GetProperty("mode").GetString(), woken.GetProperty("eventOutcome").GetString()));
        await gateway.Upstream.RequestAsync(0);
        Assert.Equal("System: Rain", gateway.Asked[0]);

        await gateway.PostOkAsync("/hooks/agent", """{"message":"x"}""");
        await gateway.PostFailureAsync("/hooks/agent", "{}");
        await gateway.PostFailureAsync("/hooks/github", "{}");
        var state = await client.RequestAsync("hooks.status");
        Assert.Equal(
            (true, "/hooks", 1, "gh"),
            (state.GetProperty("enabled").GetBoolean(), state.GetProperty("path").GetString(), state.GetProperty("refused").GetInt32(),
                state.GetProperty("mappings")[0].GetProperty("id").GetString()));
        var agent = Assert.Single(state.GetProperty("hooks").EnumerateArray());
        Assert.Equal(
            ("agent", 1, 1, "missing_required_parameter"),
            (agent.GetProperty("name").GetString(), agent.GetProperty("calls").GetInt32(), agent.GetProperty("failures").GetInt32(),
                agent.GetProperty("lastError").GetString()));
        Assert.DoesNotContain("canary-secret", state.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(HookGateway.Token, state.GetRawText(), StringComparison.Ordinal);
    }

    private static (string? Id, string? Action) Told(JsonElement payload) =>
        (payload.GetProperty("jobId").GetString(), payload.GetProperty("action").GetString());
}
