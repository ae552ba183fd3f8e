using System.Net.Http.Headers;
using System.Text;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>The process that takes a hook or starts a job is killed; another instance goes on, and each takes effect once.</summary>
public class HookCrashTests(AzuriteFixture azurite)
{
    private readonly string _prefix = AzuriteFixture.UniqueName()[..12];

    [Theory]
    [InlineData("before-accept")]
    [InlineData("after-accept")]
    [InlineData("after-intent")]
    [InlineData("before-commit")]
    [InlineData("after-commit")]
    [Trait("Feature", "R8")]
    public async Task A_hook_that_is_sent_again_after_a_kill_takes_effect_once(string point)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var doomed = await StartAsync(upstream, point);
        await PostHookAsync(doomed);
        await doomed.WaitForExitAsync();

        await using var survivor = await StartAsync(upstream, null);
        var runId = await PostHookAsync(survivor) ?? throw new InvalidOperationException("The survivor did not answer.");
        Assert.Equal(runId, await PostHookAsync(survivor));
        Assert.Contains("run.completed", await EventsOfAsync(survivor, runId), StringComparison.Ordinal);
        await HasOneTurnAsync(runId);
    }

    [Fact]
    [Trait("Feature", "R22")]
    public async Task A_job_whose_instance_is_killed_at_the_end_of_its_run_runs_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var doomed = await StartAsync(upstream, "before-commit");
        using var made = await doomed.Client.PostAsync(
            "/api/cron",
            Json("""{"name":"Report","schedule":{"kind":"cron","expr":"0 4 1 1 *"},"payload":{"kind":"agentTurn","message":"Report!"}}"""));
        var id = (await made.ReadDataAsync()).GetProperty("id").GetString();
        try
        {
            using var started = await doomed.Client.PostAsync($"/api/cron/{id}/run", Json("{}"));
        }
        catch (HttpRequestException)
        {
            // It died before it could answer.
        }

        await doomed.WaitForExitAsync();
        await using var survivor = await StartAsync(upstream, null);
        var runs = default(System.Text.Json.JsonElement);
        do
        {
            using var answer = await survivor.Client.GetAsync($"/api/cron/{id}/runs", TestContext.Current.CancellationToken);
            runs = (await answer.ReadDataAsync()).GetProperty("runs");
        }
        while (runs.GetArrayLength() == 0);

        var run = Assert.Single(runs.EnumerateArray());
        Assert.Equal("ok", run.GetProperty("status").GetString());
        await HasOneTurnAsync(run.GetProperty("runId").GetString()!);
    }

    private async Task HasOneTurnAsync(string runId)
    {
        var history = await History.ReadAsync(
            azurite.StorageAccount.Table(_prefix + SessionStore.TableName), RunId.Parse(runId)!.Value.Partition);
        Assert.Single(history.Inputs);
        Assert.Single(history.Answers);
    }

    /// <returns>The id of the run; null when the process died before it could answer.</returns>
    private static async Task<string?> PostHookAsync(GatewayProcess gateway)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/hooks/agent")
        { Content = Json("""{"message":"Hello","idempotencyKey":"k"}""") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", HookGateway.Token);
        try
        {
            using var answer = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return (await answer.ReadJsonAsync()).GetProperty("runId").GetString();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<string> EventsOfAsync(GatewayProcess gateway, string runId)
    {
        using var follow = new HttpRequestMessage(
            HttpMethod.Get, $"/api/runs/{runId}/events")
        { Headers = { Accept = { new("text/event-stream") } } };
        using var events = await gateway.Client.SendAsync(follow, TestContext.Current.CancellationToken);
        return await events.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private Task<GatewayProcess> StartAsync(ScriptedUpstream upstream, string? point) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = _prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__hooks"] = $"{{ enabled: true, token: '{HookGateway.Token}' }}",
            ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
            ["OPENCLAW_CRASH_AT"] = point ?? "",
        });
}
