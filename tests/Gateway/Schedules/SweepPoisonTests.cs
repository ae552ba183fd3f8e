using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Functions.Triggers;
using OpenClaw.Runs.Durable;
using OpenClaw.Schedules;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Schedules;

/// <summary>What cannot be started keeps nothing else from its time.</summary>
[Trait("Feature", "R9")]
public class SweepPoisonTests(AzuriteFixture azurite)
{
    private const string Hourly =
        """{"name":"Report","schedule":{"kind":"cron","expr":"0 * * * *"},"payload":{"kind":"agentTurn","message":"Report!"}}""";

    private readonly string _prefix = AzuriteFixture.UniqueName()[..12];

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-12-01T08:30:00Z", null));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_cannot_be_read_or_started_does_not_stop_the_jobs_behind_it()
    {
        await using var gateway = await StartAsync();
        var id = await AddAsync(gateway);
        var table = azurite.StorageAccount.Table(_prefix + JobStore.TableName);
        var job = (await table.GetAsync("jobs", id, Token))!.GetString("Job")!;
        var due = _clock.GetUtcNow();
        await table.InsertAsync(new StoredRow("jobs", "job_0000") { ["Job"] = "{", ["NextRunAt"] = due }, Token);
        var impossible = job.Replace("0 * * * *", "0 0 31 31 *", StringComparison.Ordinal)
            .Replace(id, "job_0001", StringComparison.Ordinal);
        await table.InsertAsync(new StoredRow("jobs", "job_0001") { ["Job"] = impossible, ["NextRunAt"] = due }, Token);

        _clock.Advance(TimeSpan.FromMinutes(31));
        await SweepAsync(gateway);
        Assert.Equal("ok", (await EndedRunAsync(gateway, id)).GetProperty("status").GetString());
        Assert.Contains("job_0000", gateway.Host.Log, StringComparison.Ordinal);
        Assert.Contains("job_0001", gateway.Host.Log, StringComparison.Ordinal);
        var listed = (await gateway.Host.GetDataAsync("/api/cron")).GetProperty("jobs").EnumerateArray();
        Assert.Contains(listed, one => one.GetProperty("id").GetString() == id);
    }

    [Fact]
    public async Task A_job_whose_agent_went_after_its_run_was_named_is_free_again()
    {
        await using var gateway = await StartAsync();
        var id = await AddAsync(gateway);
        var jobs = gateway.Host.Services.GetRequiredService<JobStore>();
        await jobs.ChangeAsync(
            id,
            status => status with
            {
                Job = status.Job with { AgentId = "gone" },
                RunId = QueuedJobs.ToQueuedRun(status.Job, _clock.GetUtcNow(), _clock.GetUtcNow()).RunId,
                RunDueAt = _clock.GetUtcNow(),
            },
            Token);

        await SweepAsync(gateway);
        Assert.Equal("error", (await EndedRunAsync(gateway, id)).GetProperty("status").GetString());
        var state = (await gateway.Host.GetDataAsync($"/api/cron/{id}")).GetProperty("state");
        Assert.False(state.TryGetProperty("runId", out _));
        Assert.Equal(1, state.GetProperty("consecutiveErrors").GetInt32());
    }

    [Fact]
    [Trait("Feature", "F71")]
    public async Task Events_that_cannot_be_told_do_not_keep_others_waiting()
    {
        await using var gateway = await StartAsync();
        var due = gateway.Host.Services.GetRequiredService<DueSessions>();
        var events = gateway.Host.Services.GetRequiredService<SessionEvents>();
        var gone = new SessionKey("", "gone", "agent:gone:main");
        await events.TryAddAsync(gone, "nobody hears it", null, Token);
        for (var i = 0; i < 100; i++)
        {
            await due.AddAsync(QueuedJobs.Operator, gone, _clock.GetUtcNow().AddMinutes(-1), Token); // as many as a sweep takes
        }

        await gateway.PostOkAsync("/hooks/wake", """{"text":"Mail came","mode":"next-heartbeat"}""");
        _clock.Advance(TimeSpan.FromMinutes(31));
        await SweepAsync(gateway);
        await SweepAsync(gateway);
        await gateway.Host.Services.GetRequiredService<LocalDispatcher>().RunAsync(new SessionKey("", "main", "agent:main:main").Partition);
        Assert.Equal(["System: Mail came"], gateway.Asked);
    }

    [Fact]
    public async Task A_part_of_the_sweep_that_fails_does_not_stop_the_others()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var storage = StorageAccount.Parse(network.ConnectionString);
        await using var gateway = await StartAsync(
            config => config.Agents.Defaults.Heartbeat = new HeartbeatSection(TimeSpan.FromHours(1), "Beat."), storage);
        network.On(
            call => call is { Service: "Table", Method: "GET" } && call.Path.Contains("schedules", StringComparison.Ordinal)
                && call.Path.Contains("jobs", StringComparison.Ordinal),
            StorageFaults.Answer(403, "AuthorizationFailure"), int.MaxValue);
        _clock.Advance(TimeSpan.FromMinutes(30));
        await Assert.ThrowsAsync<StorageException>(() => SweepAsync(gateway));
        await gateway.Host.Services.GetRequiredService<LocalDispatcher>().RunAsync(new SessionKey("", "main", "agent:main:main").Partition);
        Assert.Equal(["Beat."], gateway.Asked);
    }

    private Task<HookGateway> StartAsync(Action<GatewayConfig>? configure = null, StorageAccount? storage = null) => HookGateway.StartAsync(
        storage ?? azurite.StorageAccount,
        configure: config =>
        {
            config.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new() { Default = true } };
            configure?.Invoke(config);
        },
        services: services => services.AddSingleton<TimeProvider>(_clock), prefix: _prefix);

    private static async Task<string> AddAsync(HookGateway gateway) =>
        (await gateway.Host.PostDataAsync("/api/cron", Hourly)).GetProperty("id").GetString()!;

    private static Task SweepAsync(HookGateway gateway) =>
        ActivatorUtilities.CreateInstance<SweepJobs>(gateway.Host.Services).RunAsync(new(), Token);

    /// <summary>Each look is a request that the gateway answers.</summary>
    private static async Task<JsonElement> EndedRunAsync(HookGateway gateway, string id)
    {
        while (true)
        {
            var runs = (await gateway.Host.GetDataAsync($"/api/cron/{id}/runs")).GetProperty("runs");
            if (runs.GetArrayLength() > 0)
            {
                return runs[0];
            }
        }
    }
}
