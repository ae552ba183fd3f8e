using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Runs.Durable;
using OpenClaw.Schedules;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Schedules;

/// <summary>Events that wake an agent: at once, with the next run of their session, or when they have waited long enough.</summary>
[Trait("Feature", "F71")]
public class WakeTests(AzuriteFixture azurite)
{
    private readonly string _prefix = AzuriteFixture.UniqueName()[..12];

    private readonly WatchedTimeProvider _clock = new(DateTimeOffset.Parse("2026-12-01T08:10:00Z", null));

    private CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_for_now_starts_a_run_of_the_main_session()
    {
        await using var gateway = await StartAsync();
        var answer = await gateway.PostOkAsync("/hooks/wake", """{"text":"The backup failed"}""");
        Assert.Equal(("now", "queued"), (answer.GetProperty("mode").GetString(), answer.GetProperty("eventOutcome").GetString()));
        await gateway.Upstream.RequestAsync(0);
        Assert.Equal("System: The backup failed", gateway.Asked[0]);
    }

    [Fact]
    public async Task An_event_for_later_joins_the_next_run_once_and_equal_ones_are_one()
    {
        await using var gateway = await StartAsync();
        foreach (var outcome in new[] { "queued", "coalesced" })
        {
            var answer = await gateway.PostOkAsync("/hooks/wake", """{"text":"Mail came","mode":"next-heartbeat"}""");
            Assert.Equal(
                ("next-heartbeat", outcome), (answer.GetProperty("mode").GetString(), answer.GetProperty("eventOutcome").GetString()));
        }

        await gateway.PostOkAsync("/hooks/wake", """{"text":"Rain","mode":"next-heartbeat"}""");
        Assert.Empty(gateway.Asked);
        await AskAsync(gateway, "What is new?");
        await AskAsync(gateway, "And now?");
        var first = gateway.Upstream.Requests[0].Body.GetProperty("messages").EnumerateArray()
            .Select(m => m.GetProperty("content").GetString()).ToList();
        Assert.Contains("System: Mail came\nSystem: Rain", first);
        Assert.Equal("What is new?", gateway.Asked[0]);
        Assert.Single(gateway.Upstream.Requests[1].Body.GetRawText().Split("Mail came").Skip(1)); // of the history
        await SweepAsync(gateway, TimeSpan.FromMinutes(31));
        Assert.Equal(2, gateway.Asked.Count);
    }

    [Fact]
    public async Task An_event_that_has_waited_for_half_an_hour_starts_a_run_itself_whoever_sweeps()
    {
        await using var gateway = await StartAsync();
        await using var other = await StartAsync();
        await gateway.PostOkAsync("/hooks/wake", """{"text":"Mail came","mode":"next-heartbeat"}""", ("Idempotency-Key", "k"));
        await SweepAsync(gateway, TimeSpan.FromMinutes(29));
        Assert.Empty(gateway.Asked);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(SweepAsync(gateway, default), SweepAsync(other, default));
        await EndAsync(gateway);
        Assert.Equal(["System: Mail came"], gateway.Asked.Concat(other.Asked));

        var again = await other.PostOkAsync("/hooks/wake", """{"text":"Mail came","mode":"next-heartbeat"}""", ("Idempotency-Key", "k"));
        Assert.Equal("coalesced", again.GetProperty("eventOutcome").GetString()); // the same call
        await SweepAsync(gateway, TimeSpan.FromMinutes(31));
        await EndAsync(gateway);
        Assert.Single(gateway.Asked.Concat(other.Asked));
    }

    [Fact]
    public async Task A_job_may_leave_its_event_for_the_next_run()
    {
        await using var gateway = await StartAsync();
        var id = (await gateway.Host.PostDataAsync(
            "/api/cron",
            """{"schedule":{"kind":"at","at":"2026-12-01T08:15:00Z"},"payload":{"kind":"systemEvent","text":"Tea"},"wakeMode":"next-heartbeat"}""")).GetProperty("id").GetString();
        await SweepAsync(gateway, TimeSpan.FromMinutes(6));
        var run = (await gateway.Host.GetDataAsync($"/api/cron/{id}/runs")).GetProperty("runs")[0];
        Assert.Equal("ok", run.GetProperty("status").GetString());
        Assert.Empty(gateway.Asked);
        await AskAsync(gateway, "Hello");
        Assert.Contains("System: Tea", gateway.Upstream.Requests[0].Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heartbeats_run_at_multiples_of_their_interval_once_and_take_what_waits()
    {
        await using var gateway = await StartAsync(TimeSpan.FromMinutes(15));
        await using var other = await StartAsync(TimeSpan.FromMinutes(15));
        await gateway.PostOkAsync("/hooks/wake", """{"text":"Mail came","mode":"next-heartbeat"}""");
        await SweepAsync(gateway, TimeSpan.FromMinutes(4));
        Assert.Empty(gateway.Asked);
        _clock.Advance(TimeSpan.FromSeconds(61)); // 08:15:01
        await Task.WhenAll(SweepAsync(gateway, default), SweepAsync(other, default), SweepAsync(gateway, default));
        await EndAsync(gateway, other);
        var asked = gateway.Upstream.Requests.Concat(other.Upstream.Requests).Select(r => r.Body.GetRawText()).ToList();
        Assert.Equal(2, asked.Count); // two agents
        Assert.All(asked, text => Assert.Contains("This is a heartbeat.", text, StringComparison.Ordinal));
        Assert.Single(asked, text => text.Contains("System: Mail came", StringComparison.Ordinal));
        await SweepAsync(gateway, TimeSpan.FromMinutes(20)); // 08:35: the one of 08:30 was missed
        Assert.Equal(2, gateway.Asked.Count + other.Asked.Count);
    }

    [Theory]
    [InlineData("""{}""", "missing_required_parameter")]
    [InlineData("""{"text":" "}""", "missing_required_parameter")]
    [InlineData("""{"text":"x","mode":"soon"}""", "invalid_value")]
    [InlineData("""{"text":"x","agentId":"nobody"}""", "invalid_value")]
    [InlineData("""{"text":"x","message":"y"}""", "invalid_request")]
    [InlineData("""{"text":"x","sessionKey":"mine"}""", "invalid_session_key")]
    [InlineData("""{"text":"x","sessionKey":"mine","mode":"next-heartbeat"}""", "invalid_value")]
    public async Task A_wake_that_makes_no_sense_is_refused(string body, string code)
    {
        await using var gateway = await StartAsync();
        Assert.Equal((400, code), await gateway.PostFailureAsync("/hooks/wake", body));
    }

    private Task<HookGateway> StartAsync(TimeSpan? heartbeat = null) => HookGateway.StartAsync(
        azurite.StorageAccount,
        configure: config => config.Agents.Defaults.Heartbeat =
            heartbeat is { } every ? new HeartbeatSection(every, HeartbeatSection.DefaultPrompt) : null,
        services: services => services.AddSingleton<TimeProvider>(_clock),
        prefix: _prefix);

    /// <summary>A person speaks to the main session.</summary>
    private async Task AskAsync(HookGateway gateway, string text)
    {
        using var answer = await gateway.Host.PostChatAsync(
            $$"""{"model":"openclaw","messages":[{"role":"user","content":"{{text}}"}]}""",
            request => request.Headers.Add("x-openclaw-session-key", "agent:main:main"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private async Task SweepAsync(HookGateway gateway, TimeSpan after)
    {
        _clock.Advance(after);
        await gateway.Host.Services.GetRequiredService<JobRunner>().SweepAsync(Token);
        await gateway.Host.Services.GetRequiredService<Heartbeats>().SweepAsync(Token);
        await gateway.Host.Services.GetRequiredService<Wakes>().SweepAsync(Token);
    }

    /// <summary>Waits until nothing waits in the main sessions. A gateway that found a session held looks again when the clock goes
    /// on.</summary>
    private async Task EndAsync(params HookGateway[] gateways)
    {
        foreach (var agent in new[] { "main", "other" })
        {
            var partition = new SessionKey("", agent, $"agent:{agent}:main").Partition;
            var lanes = gateways.Select(g => g.Host.Services.GetRequiredService<LocalDispatcher>().RunAsync(partition)).ToList();
            var ended = Task.WhenAll(lanes);
            await Task.WhenAny(lanes);
            while (await Task.WhenAny(ended, _clock.WaitForTimerAsync(TimeSpan.FromSeconds(1))) != ended)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            await ended;
        }
    }
}
