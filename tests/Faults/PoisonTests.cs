using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>Runs that never come to an end do not stand in the way of those behind them.</summary>
[Trait("Feature", "R9")]
public class PoisonTests(AzuriteFixture azurite)
{
    private const string Session = "poisoned";

    private static readonly SessionKey Key = new("", "main", Session);

    [Fact(Timeout = 90_000)]
    public async Task A_run_that_kills_every_process_is_given_up_after_five_attempts_and_the_next_one_runs()
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.StreamTextAsync("echo ", call.LastUserText()));
        var texts = Enumerable.Range(0, RunLane.MaxAttempts).Select(static i => i == 0 ? "poison" : $"behind {i}").ToList();
        foreach (var text in texts)
        {
            var doomed = await StartAsync(prefix, upstream, "after-model-bytes");
            await AcceptAsync(doomed, text); // waits behind the poison, which is tried first; a wake-up may do so before this arrives
            await doomed.WaitForExitAsync();
            await doomed.DisposeAsync();
        }

        await using var survivor = await StartAsync(prefix, upstream, "");
        foreach (var text in texts[1..])
        {
            Assert.Equal(new Heard(HttpStatusCode.OK, "echo " + text), await survivor.Client.AskAsync(Way.Background, Session, text));
        }

        Assert.Equal("run_abandoned", (await survivor.Client.AskAsync(Way.Background, Session, "poison")).Text);
        Assert.Equal(RunLane.MaxAttempts, upstream.Requests.Count(r => r.Body.GetRawText().Contains("poison", StringComparison.Ordinal)));
        var table = azurite.StorageAccount.Table(prefix + SessionStore.TableName);
        (await History.ReadAsync(table, Key.Partition)).HoldsExactly(texts[1..]);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_run_whose_handler_throws_is_given_up_after_five_attempts_and_the_next_one_runs()
    {
        var front = new ThrowingFront();
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, services: s => s.AddSingleton<IQueuedRuns>(front));
        var inbox = gateway.Services.GetRequiredService<SessionInbox>();
        var poison = QueuedRun.Create(Key, RunId.New(Key), front.Kind, "{}", DateTimeOffset.UnixEpoch);
        await inbox.AcceptAsync(poison, [], null, CancellationToken.None);
        using var accepted = await gateway.PostResponseAsync(
            """{"input":"next","background":true}""", r => r.Headers.Add("x-openclaw-session-key", Session));
        var end = await gateway.Client.FollowAsync((await accepted.ReadJsonAsync()).Id());

        Assert.True(end.IsAnswer, end.Text);
        Assert.Equal(RunLane.MaxAttempts, front.Calls);
        var row = await inbox.ReadRunAsync(Key.Partition, poison.RunId, CancellationToken.None);
        Assert.Equal((RunRow.Failed, RunLane.MaxAttempts), (row!.State, row.Attempt));
        Assert.Contains("run_abandoned", row.End, StringComparison.Ordinal);
        Assert.False(await inbox.HasRequestsAsync(Key.Partition, CancellationToken.None));
    }

    [Fact(Timeout = 90_000)]
    [Trait("Feature", "R4")]
    public async Task A_killed_instances_run_is_resumed_elsewhere_unasked_and_no_wake_up_remains()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.LeaseSeconds = 2);
        var queue = azurite.StorageAccount.Queue($"{gateway.Prefix}-{WakeUps.QueueName}");
        var wakeUps = gateway.Services.GetRequiredService<WakeUps>();
        await wakeUps.ScheduleAsync(new SessionKey("", "main", "empty").Partition, null, CancellationToken.None);
        var doomed = await StartAsync(gateway.Prefix, upstream, "after-intent");
        var id = await AcceptAsync(doomed, "left behind");
        await doomed.WaitForExitAsync();
        await doomed.DisposeAsync();

        var woken = 0;
        var answered = upstream.RequestAsync(0);
        while (!answered.IsCompleted)
        {
            // as the timer does
            woken += await wakeUps.SweepAsync(gateway.Services.GetRequiredService<IRunDispatcher>(), CancellationToken.None);
        }

        Assert.InRange(woken, 1, int.MaxValue);
        Assert.Equal("left behind", (await gateway.Client.FollowAsync(id ?? (await AcceptAsync(gateway.Client, "left behind"))!)).Text);
        while (await queue.CountAsync(CancellationToken.None) > 0)
        {
            await wakeUps.SweepAsync(gateway.Services.GetRequiredService<IRunDispatcher>(), CancellationToken.None);
        }

        Assert.Single(upstream.Requests);
        (await History.ReadAsync(azurite.StorageAccount.Table(gateway.Prefix + SessionStore.TableName), Key.Partition)).HoldsExactly(
            ["left behind"]);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_run_that_never_begins_is_marked_failed_when_its_wake_up_is_given_up()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, services: s => s.AddSingleton<TimeProvider>(clock).AddSingleton<IRunDispatcher, Nowhere>());
        using var accepted = await gateway.PostResponseAsync(
            """{"input":"never begun","background":true}""", r => r.Headers.Add("x-openclaw-session-key", Session));
        var id = (await accepted.ReadJsonAsync()).Id();
        var queue = azurite.StorageAccount.Queue($"{gateway.Prefix}-{WakeUps.QueueName}");
        var wakeUps = gateway.Services.GetRequiredService<WakeUps>();
        var inbox = gateway.Services.GetRequiredService<SessionInbox>();
        var runId = (await inbox.PeekAsync(Key.Partition, CancellationToken.None))!.RunId;
        for (var delivery = 1; delivery <= WakeUps.MaxDeliveries; delivery++)
        {
            Assert.False((await inbox.ReadRunAsync(Key.Partition, runId, CancellationToken.None))!.HasEnded);
            var handling = wakeUps.HandleAsync(
                WakeUp.For(Key.Partition, runId).ToString(), delivery, new Nowhere(), CancellationToken.None);
            await Assert.ThrowsAsync<TimeoutException>(() => gateway.WhileTimeGoesOnAsync(handling, clock, TimeSpan.FromSeconds(1)));
        }

        Assert.Equal(RunRow.Failed, (await inbox.ReadRunAsync(Key.Partition, runId, CancellationToken.None))!.State);
        Assert.False(await inbox.HasRequestsAsync(Key.Partition, CancellationToken.None));
        using var polled = await gateway.Client.GetAsync(new Uri($"/v1/responses/{id}", UriKind.Relative));
        Assert.Equal("failed", (await polled.ReadJsonAsync()).Status());
        Assert.Equal(2, await queue.CountAsync(CancellationToken.None)); // its own wake-up and one successor, whatever failed
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task A_run_that_waits_for_room_in_memory_is_not_given_up()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, services: s => s.AddSingleton<TimeProvider>(clock).AddSingleton<IRunDispatcher, Nowhere>());
        using var accepted = await gateway.PostResponseAsync(
            """{"input":"later","background":true}""", r => r.Headers.Add("x-openclaw-session-key", Session));
        var wakeUps = gateway.Services.GetRequiredService<WakeUps>();
        var inbox = gateway.Services.GetRequiredService<SessionInbox>();
        var runId = (await inbox.PeekAsync(Key.Partition, CancellationToken.None))!.RunId;
        await inbox.NoteWaitForRoomAsync(Key.Partition, CancellationToken.None);
        for (var delivery = 1; delivery <= WakeUps.MaxDeliveries; delivery++)
        {
            var handling = wakeUps.HandleAsync(
                WakeUp.For(Key.Partition, runId).ToString(), delivery, new Nowhere(), CancellationToken.None);
            await gateway.WhileTimeGoesOnAsync(handling, clock, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(RunRow.Queued, (await inbox.ReadRunAsync(Key.Partition, runId, CancellationToken.None))!.State);
        var queue = azurite.StorageAccount.Queue($"{gateway.Prefix}-{WakeUps.QueueName}");
        Assert.Equal(1 + WakeUps.MaxDeliveries, await queue.CountAsync(CancellationToken.None)); // each left a successor
    }

    private static Task<string?> AcceptAsync(GatewayProcess gateway, string text) => AcceptAsync(gateway.Client, text);

    /// <returns>Null when the process died before it could say.</returns>
    private static async Task<string?> AcceptAsync(HttpClient client, string text)
    {
        try
        {
            return (await client.AcceptAsync(Session, text)).Text;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private Task<GatewayProcess> StartAsync(string prefix, ScriptedUpstream upstream, string point) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
            ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
            ["OPENCLAW_CRASH_AT"] = point,
        });

    /// <summary>As an instance that dies right after its answer.</summary>
    private sealed class Nowhere : IRunDispatcher
    {
        public void Dispatch(string partition)
        {
        }
    }

    private sealed class ThrowingFront : IQueuedRuns
    {
        public int Calls { get; private set; }

        public string Kind => "throwing";

        public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken)
        {
            Calls++;
            throw new InvalidOperationException("This request cannot be read by anybody.");
        }
    }
}
