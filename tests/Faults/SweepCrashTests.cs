using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Functions.Triggers;
using OpenClaw.Runs.Durable;
using OpenClaw.Schedules;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>The worker is killed within its own timer; another instance goes on, and what was due takes effect once.</summary>
[Trait("Feature", "R22")]
public class SweepCrashTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan HoursAgo = TimeSpan.FromHours(-2);

    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    private static readonly string Main = new SessionKey("", "main", "agent:main:main").Partition;

    private readonly string _prefix = AzuriteFixture.UniqueName()[..12];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("after-job-claimed")]
    [InlineData("after-accept")]
    [InlineData("after-job-accepted")]
    public async Task A_job_that_was_due_runs_once(string point)
    {
        var id = await AddJobAsync("""{"kind":"agentTurn","message":"Report!"}""");
        await KillInSweepAsync(point);
        await using var survivor = await StartAsync(Later);
        JsonElement runs;
        do
        {
            await SweepAsync(survivor);
            runs = (await survivor.Host.GetDataAsync($"/api/cron/{id}/runs")).GetProperty("runs");
        }
        while (runs.GetArrayLength() == 0);

        var run = Assert.Single(runs.EnumerateArray());
        Assert.Equal("ok", run.GetProperty("status").GetString());
        await SweepAsync(survivor);
        var history = await HistoryOfAsync(RunId.Parse(run.GetProperty("runId").GetString()!)!.Value.Partition);
        Assert.Single(history.Inputs);
        Assert.Single(history.Answers);
        Assert.False((await survivor.Host.GetDataAsync($"/api/cron/{id}")).GetProperty("enabled").GetBoolean());
    }

    [Theory]
    [InlineData("after-wake-noted")]
    [InlineData("after-wake-stored")]
    [InlineData("after-job-recorded")]
    public async Task The_event_of_a_job_that_was_due_is_stored_once(string point)
    {
        var id = await AddJobAsync("""{"kind":"systemEvent","text":"Tea"},"wakeMode":"next-heartbeat" """);
        await KillInSweepAsync(point);
        await using var survivor = await StartAsync(Later);
        await SweepAsync(survivor);
        await SweepAsync(survivor);

        var runs = (await survivor.Host.GetDataAsync($"/api/cron/{id}/runs")).GetProperty("runs");
        Assert.Equal("ok", Assert.Single(runs.EnumerateArray()).GetProperty("status").GetString());
        Assert.False((await survivor.Host.GetDataAsync($"/api/cron/{id}")).GetProperty("enabled").GetBoolean());
        Assert.Equal(1, await WaitingEventsAsync());
        Assert.Empty((await HistoryOfAsync(Main)).Inputs);
    }

    [Theory]
    [InlineData("before-accept")]
    [InlineData("after-accept")]
    public async Task An_event_that_has_waited_long_enough_is_told_once(string point)
    {
        await using (var early = await StartAsync(HoursAgo))
        {
            await early.PostOkAsync("/hooks/wake", """{"text":"Mail came","mode":"next-heartbeat"}""");
        }

        await KillInSweepAsync(point);
        await using var survivor = await StartAsync(Later);
        await SweepAsync(survivor);
        await survivor.Host.Services.GetRequiredService<LocalDispatcher>().RunAsync(Main);
        await SweepAsync(survivor);
        await survivor.Host.Services.GetRequiredService<LocalDispatcher>().RunAsync(Main);
        Assert.Equal(["System: Mail came"], (await HistoryOfAsync(Main)).Inputs);
        Assert.Equal(0, await WaitingEventsAsync());
    }

    [Theory]
    [InlineData("after-wake-noted")]
    [InlineData("after-wake-stored")]
    [InlineData("after-accept")]
    [Trait("Feature", "F71")]
    public async Task A_wake_for_now_that_its_sender_repeats_is_told_once(string point)
    {
        const string body = """{"text":"Mail came"}""";
        await using (var host = await StartWorkerAsync(point))
        {
            using var call = new HttpRequestMessage(HttpMethod.Post, new Uri("hooks/wake", UriKind.Relative));
            call.Content = new StringContent(body, Encoding.UTF8, "application/json");
            call.Headers.Authorization = new("Bearer", HookGateway.Token);
            call.Headers.Add("Idempotency-Key", "k");
            var worker = host.Worker;
            var answered = host.Client.SendAsync(call, Token);
            await worker.Process.Exited.WaitAsync(FunctionsHost.Patience, Token);
            await Task.WhenAny(answered); // the host has no answer, or one of its own
        }

        await using var survivor = await StartAsync(Later);
        await SweepAsync(survivor);
        await survivor.Host.Services.GetRequiredService<LocalDispatcher>().RunAsync(Main);
        await survivor.PostOkAsync("/hooks/wake", body, ("Idempotency-Key", "k"));
        await survivor.Host.Services.GetRequiredService<LocalDispatcher>().RunAsync(Main);
        Assert.Equal(["System: Mail came"], (await HistoryOfAsync(Main)).Inputs);
    }

    [Theory]
    [InlineData("before-accept")]
    [InlineData("after-heartbeat-accepted")]
    public async Task A_heartbeat_runs_once(string point)
    {
        var first = Slot();
        await KillInSweepAsync(point, ("OPENCLAW__agents__defaults__heartbeat__every", "2m"));
        await using var survivor = await StartAsync(
            TimeSpan.Zero, config => config.Agents.Defaults.Heartbeat = new HeartbeatSection(TimeSpan.FromMinutes(2), "Beat."));
        await SweepAsync(survivor);
        await SweepAsync(survivor);
        await survivor.Host.Services.GetRequiredService<LocalDispatcher>().RunAsync(Main);
        var history = await HistoryOfAsync(Main);
        Assert.InRange(history.Inputs.Count, 1, Slot() - first + 1); // two where the clock passed a multiple of the interval
        Assert.Equal(history.Inputs.Count, history.Answers.Count);
    }

    private static int Slot() => (int)(TimeProvider.System.GetUtcNow().UtcTicks / TimeSpan.FromMinutes(2).Ticks);

    /// <summary>Makes a job that was due an hour ago.</summary>
    private async Task<string> AddJobAsync(string payload)
    {
        await using var early = await StartAsync(HoursAgo);
        var at = TimeProvider.System.GetUtcNow().AddHours(-1).ToString("O");
        var job = await early.Host.PostDataAsync("/api/cron", $$"""{"schedule":{"kind":"at","at":"{{at}}"},"payload":{{payload}}}""");
        return job.GetProperty("id").GetString()!;
    }

    /// <summary>Fires the timer of a worker that dies of it.</summary>
    private async Task KillInSweepAsync(string point, params (string Name, string Value)[] settings)
    {
        await using var host = await StartWorkerAsync(point, settings);
        var worker = host.Worker;
        await host.FireTimerAsync(nameof(SweepJobs));
        Assert.NotEqual(0, await worker.Process.Exited.WaitAsync(FunctionsHost.Patience, Token));
    }

    private Task<FunctionsHost> StartWorkerAsync(string point, params (string Name, string Value)[] settings) => FunctionsHost.StartAsync(
        new Dictionary<string, string>(settings.Select(s => KeyValuePair.Create(s.Name, s.Value)))
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__storage__prefix"] = _prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__hooks"] = $"{{ enabled: true, token: '{HookGateway.Token}' }}",
            ["OPENCLAW__agents__defaults__model"] = "echo/echo",
            ["OPENCLAW_CRASH_AT"] = point,
        });

    private Task<HookGateway> StartAsync(TimeSpan shift, Action<GatewayConfig>? configure = null) => HookGateway.StartAsync(
        azurite.StorageAccount,
        configure: config =>
        {
            config.Storage.LeaseSeconds = 2;
            config.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new() { Default = true } };
            configure?.Invoke(config);
        },
        services: services => services.AddSingleton<TimeProvider>(new ShiftedClock(shift)),
        prefix: _prefix);

    private static Task SweepAsync(HookGateway gateway) => Task.WhenAll(
        gateway.Host.Services.GetRequiredService<JobRunner>().SweepAsync(Token),
        gateway.Host.Services.GetRequiredService<Heartbeats>().SweepAsync(Token),
        gateway.Host.Services.GetRequiredService<Wakes>().SweepAsync(Token));

    private Task<History> HistoryOfAsync(string partition) =>
        History.ReadAsync(azurite.StorageAccount.Table(_prefix + SessionStore.TableName), partition);

    private async Task<int> WaitingEventsAsync()
    {
        var count = 0;
        await foreach (var _ in azurite.StorageAccount.Table(_prefix + SessionStore.TableName)
            .QueryAsync(TableQuery.WithPrefix(Main, SystemEventRow.Prefix), Token))
        {
            count++;
        }

        return count;
    }
}
