using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Schedules;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Schedules;

/// <summary>Jobs over <c>/api/cron</c>, with a clock that the test turns.</summary>
public class JobTests(AzuriteFixture azurite)
{
    private const string Hourly =
        """{"name":"Report","schedule":{"kind":"cron","expr":"0 * * * *"},"payload":{"kind":"agentTurn","message":"Report!"}}""";

    private const string Turn = "\"payload\":{\"kind\":\"agentTurn\",\"message\":\"x\"}";

    private const string Minutely = "\"schedule\":{\"kind\":\"every\",\"everyMs\":60000}";

    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-12-01T08:30:00Z", null));

    private CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_made_changed_listed_and_deleted()
    {
        await using var gateway = await StartAsync();
        var made = await gateway.PostDataAsync("/api/v1/cron", Hourly);
        var id = made.GetProperty("id").GetString()!;
        Assert.Equal(
            ("Report", "isolated", "now", true), (
                made.GetProperty("name").GetString(), made.GetProperty("sessionTarget").GetString(),
                made.GetProperty("wakeMode").GetString(),
                made.GetProperty("enabled").GetBoolean()));
        Assert.Equal(Time("2026-12-01T09:00:00Z"), NextRun(made));

        var changed = await PatchAsync(gateway, id, """{"name":"Daily","schedule":{"expr":"0 8 * * *","tz":"Europe/Berlin"}}""");
        Assert.Equal("Daily", changed.GetProperty("name").GetString());
        Assert.Equal("Report!", changed.GetProperty("payload").GetProperty("message").GetString());
        Assert.Equal(Time("2026-12-02T07:00:00Z"), NextRun(changed));

        var off = await PatchAsync(gateway, id, """{"enabled":false}""");
        Assert.False(off.GetProperty("state").TryGetProperty("nextRunAtMs", out _));
        var every = await PatchAsync(gateway, id, """{"enabled":true,"schedule":{"kind":"every","everyMs":60000}}""");
        Assert.Equal(Time("2026-12-01T08:31:00Z"), NextRun(every));

        var listed = (await gateway.GetDataAsync("/api/cron")).GetProperty("jobs");
        Assert.Equal(id, Assert.Single(listed.EnumerateArray()).GetProperty("id").GetString());
        using var gone = await gateway.Client.DeleteAsync($"/api/cron/{id}", Token);
        await gone.ReadDataAsync();
        using var missing = await gateway.Client.GetAsync($"/api/cron/{id}", Token);
        Assert.Equal((HttpStatusCode.NotFound, "JOB_NOT_FOUND"), await missing.ReadFailureAsync());
    }

    [Theory]
    [InlineData("""{}""", "payload")]
    [InlineData("{" + Turn + "}", "schedule")]
    [InlineData("{" + Turn + ""","schedule":{"kind":"at","at":"2020-01-01T00:00:00Z"}}""", "schedule.at")]
    [InlineData("{" + Turn + ""","schedule":{"kind":"cron","expr":"0 0 30 2 *"}}""", "schedule.expr")]
    [InlineData("{" + Turn + ""","schedule":{"kind":"cron","expr":"0 0 * * *","tz":"Nowhere/City"}}""", "schedule.tz")]
    [InlineData("{" + Turn + ""","schedule":{"kind":"every","everyMs":1.5}}""", "schedule.everyMs")]
    [InlineData("{" + Turn + "," + Minutely + ""","sessionTarget":"main"}""", "sessionTarget")]
    [InlineData("""{"payload":{"kind":"agentTurn"},""" + Minutely + "}", "payload.message")]
    [InlineData("""{"payload":{"kind":"dance"},""" + Minutely + "}", "payload.kind")]
    [InlineData("""{"payload":{"kind":"agentTurn","message":7},""" + Minutely + "}", "payload.message")]
    [InlineData("{" + Turn + "," + Minutely + ""","agentId":"nobody"}""", "agentId")]
    [InlineData("{" + Turn + "," + Minutely + ""","extra":1}""", "extra")]
    [InlineData("{" + Turn + "," + Minutely + ""","delivery":{"mode":"webhook","to":"file:///etc/passwd"}}""", "delivery.to")]
    public async Task A_job_that_cannot_be_is_refused_by_its_field(string json, string field)
    {
        await using var gateway = await StartAsync();
        using var answer = await gateway.PostAsync("/api/cron", json);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = (await answer.ReadJsonAsync()).GetProperty("error");
        Assert.Contains($"'{field}'", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty((await gateway.GetDataAsync("/api/cron")).GetProperty("jobs").EnumerateArray());
    }

    [Fact]
    [Trait("Feature", "R22")]
    public async Task A_job_that_is_due_runs_once_whoever_sweeps()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await StartAsync(upstream);
        await using var two = await StartAsync(upstream);
        var id = await AddAsync(one, Hourly);

        await SweepAsync(one);
        Assert.Empty(upstream.Requests);
        _clock.SetUtcNow(Time("2026-12-01T09:00:01Z"));
        await Task.WhenAll(SweepAsync(one), SweepAsync(two), SweepAsync(one), SweepAsync(two));

        var run = await EndedRunAsync(one, id);
        Assert.Equal("ok", run.GetProperty("status").GetString());
        Assert.NotEmpty(run.GetProperty("summary").GetString()!);
        await SweepAsync(two);
        Assert.Single(upstream.Requests);
        Assert.Equal(Time("2026-12-01T10:00:00Z"), NextRun(await one.GetDataAsync($"/api/cron/{id}")));
    }

    [Fact]
    [Trait("Feature", "R22")]
    public async Task After_down_time_a_recurring_job_runs_once_and_a_one_shot_runs_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var hourly = await AddAsync(gateway, Hourly);
        var once = await AddAsync(
            gateway, """{"schedule":{"kind":"at","at":"2026-12-01T09:30:00"},"payload":{"kind":"agentTurn","message":"Once\nonly"}}""");

        _clock.SetUtcNow(Time("2026-12-01T18:10:00Z"));
        await SweepAsync(gateway);
        await EndedRunAsync(gateway, hourly);
        await EndedRunAsync(gateway, once);
        await SweepAsync(gateway);

        Assert.Equal(2, upstream.Requests.Count);
        var job = await gateway.GetDataAsync($"/api/cron/{once}");
        Assert.Equal((false, "Once"), (job.GetProperty("enabled").GetBoolean(), job.GetProperty("name").GetString()));
        Assert.Equal(Time("2026-12-01T19:00:00Z"), NextRun(await gateway.GetDataAsync($"/api/cron/{hourly}")));
    }

    [Fact]
    public async Task Missed_times_are_skipped_where_the_configuration_says_so()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, skipMissed: true);
        var id = await AddAsync(gateway, Hourly);
        _clock.SetUtcNow(Time("2026-12-01T09:10:00Z"));
        await SweepAsync(gateway);
        var runs = (await gateway.GetDataAsync($"/api/cron/{id}/runs")).GetProperty("runs");
        Assert.Equal("skipped", runs[0].GetProperty("status").GetString());
        _clock.SetUtcNow(Time("2026-12-01T10:00:30Z"));
        await SweepAsync(gateway);
        await EndedRunAsync(gateway, id, count: 2);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    [Trait("Feature", "R22")]
    public async Task A_job_that_is_running_is_not_started_again()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var mayEnd = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await mayEnd.Task;
            await call.SendDeltaAsync("late");
            await call.FinishAsync();
        });
        var id = await AddAsync(gateway, Hourly);
        _clock.SetUtcNow(Time("2026-12-01T09:00:01Z"));
        await SweepAsync(gateway);
        await upstream.RequestAsync(0);
        _clock.SetUtcNow(Time("2026-12-01T10:00:01Z"));
        await SweepAsync(gateway);
        Assert.Equal((HttpStatusCode.Conflict, "JOB_RUNNING"), await gateway.PostFailureAsync($"/api/cron/{id}/run", "{}"));
        Assert.Empty((await gateway.GetDataAsync($"/api/cron/{id}/runs")).GetProperty("runs").EnumerateArray());

        mayEnd.SetResult();
        await EndedRunAsync(gateway, id);
        await SweepAsync(gateway); // the time that passed meanwhile
        await EndedRunAsync(gateway, id, count: 2);
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task A_run_that_fails_is_recorded_with_its_reason()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.NextStatus(401, """{"error":{"message":"no","type":"invalid_request_error","code":"invalid_api_key"}}""");
        var id = await AddAsync(gateway, Hourly);
        await gateway.PostDataAsync($"/api/cron/{id}/run", "{}");
        var run = await EndedRunAsync(gateway, id);
        Assert.Equal("error", run.GetProperty("status").GetString());
        Assert.NotEmpty(run.GetProperty("error").GetString()!);
        var state = (await gateway.GetDataAsync($"/api/cron/{id}")).GetProperty("state");
        Assert.Equal(("error", 1), (state.GetProperty("lastStatus").GetString(), state.GetProperty("consecutiveErrors").GetInt32()));
    }

    [Fact]
    public async Task The_list_shows_a_run_that_has_ended_without_a_look_at_its_job()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var id = await AddAsync(gateway, Hourly);
        await gateway.PostDataAsync($"/api/cron/{id}/run", "{}");
        await UntilAsync(async () =>
        {
            var state = (await gateway.GetDataAsync("/api/cron")).GetProperty("jobs")[0].GetProperty("state");
            return state.TryGetProperty("lastStatus", out var status) && status.GetString() == "ok"
                && !state.TryGetProperty("runId", out _);
        });
    }

    [Fact]
    public async Task A_one_shot_that_asks_for_it_is_deleted_after_its_run()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var id = await AddAsync(
            gateway, """{"schedule":{"kind":"at","at":"2026-12-01T09:30:00Z"},"payload":{"kind":"systemEvent","text":"Wake up"},"deleteAfterRun":true}""");
        _clock.SetUtcNow(Time("2026-12-01T09:30:01Z"));
        await SweepAsync(gateway);
        var request = await upstream.RequestAsync(0);
        Assert.Contains("System: Wake up", request.Body.GetRawText(), StringComparison.Ordinal);
        await UntilAsync(async () =>
        {
            await SweepAsync(gateway);
            using var answer = await gateway.Client.GetAsync($"/api/cron/{id}", Token);
            return answer.StatusCode == HttpStatusCode.NotFound;
        });
    }

    private async Task<GatewayHost> StartAsync(ScriptedUpstream? upstream = null, bool skipMissed = false) => await GatewayHost.StartAsync(
        azurite.StorageAccount,
        config =>
        {
            config.Storage.Prefix = _prefix;
            config.Cron.SkipMissedJobs = skipMissed;
            if (upstream is not null)
            {
                config.Models.Providers = new Dictionary<string, OpenClaw.Configuration.ProviderSection>
                {
                    ["mock"] = upstream.ProviderConfig("openai-completions", "m"),
                };
            }
        },
        services => services.AddSingleton<TimeProvider>(_clock));

    private static async Task<string> AddAsync(GatewayHost gateway, string job) =>
        (await gateway.PostDataAsync("/api/cron", job)).GetProperty("id").GetString()!;

    private Task SweepAsync(GatewayHost gateway) => gateway.Services.GetRequiredService<JobRunner>().SweepAsync(Token);

    private async Task<JsonElement> EndedRunAsync(GatewayHost gateway, string id, int count = 1)
    {
        var runs = default(JsonElement);
        await UntilAsync(async () =>
        {
            runs = (await gateway.GetDataAsync($"/api/cron/{id}/runs")).GetProperty("runs");
            return runs.GetArrayLength() >= count;
        });
        return runs[0];
    }

    /// <summary>Each look is a request that the gateway answers, so the loop goes no faster than it works.</summary>
    private static async Task UntilAsync(Func<Task<bool>> look)
    {
        while (!await look())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<JsonElement> PatchAsync(GatewayHost gateway, string id, string json)
    {
        using var answer = await gateway.Client.PatchAsync(
            $"/api/cron/{id}", new StringContent(json, System.Text.Encoding.UTF8, "application/json"), Token);
        return await answer.ReadDataAsync();
    }

    private static DateTimeOffset NextRun(JsonElement job) =>
        DateTimeOffset.FromUnixTimeMilliseconds(job.GetProperty("state").GetProperty("nextRunAtMs").GetInt64());

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
