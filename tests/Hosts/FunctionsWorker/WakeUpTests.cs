using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Tests.Faults;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Protocol;
using Xunit;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

/// <summary>Wake-ups through the queue trigger of the real worker under the stand-in host.</summary>
public class WakeUpTests(AzuriteFixture azurite)
{
    private const string Session = "woken";

    private static readonly SessionKey Key = new("", "main", Session);

    [Fact(Timeout = 90_000)]
    [Trait("Feature", "R4")]
    public async Task A_run_whose_instance_died_right_after_it_was_accepted_is_executed_by_the_worker_that_gets_its_wake_up()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.StreamTextAsync("echo ", call.LastUserText()));
        var prefix = AzuriteFixture.UniqueName()[..12];
        string id;
        await using (var doomed = await GatewayProcess.StartAsync(
            azurite.ConnectionString, new(Settings(prefix, upstream)) { ["OPENCLAW_CRASH_AT"] = "after-intent" }))
        {
            id = (await doomed.Client.AcceptAsync(Session, "left behind")).Text;
            await doomed.WaitForExitAsync();
        }

        await using var host = await FunctionsHost.StartAsync(Settings(prefix, upstream));
        var woken = await host.Invocations.FindAsync("HandleWakeUp");

        var result = await woken.Result.WaitAsync(FunctionsHost.Patience, TestContext.Current.CancellationToken);
        Assert.True(result.Status == StatusResult.Types.Status.Success, result.Exception?.Message);
        using var client = Authorized(host);
        Assert.Equal("echo left behind", (await client.FollowAsync(id)).Text);
        await WaitUntilEmptyAsync(prefix);
        (await History.ReadAsync(azurite.StorageAccount.Table(prefix + SessionStore.TableName), Key.Partition)).HoldsExactly(
            ["left behind"]);
        Assert.Single(upstream.Requests);
    }

    [Fact(Timeout = 90_000)]
    [Trait("Feature", "R20")]
    public async Task Scale_in_while_a_run_is_under_way_leaves_its_wake_up_visible_and_another_worker_ends_the_run_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var prefix = AzuriteFixture.UniqueName()[..12];
        var hangs = new TaskCompletionSource();
        upstream.Next(_ => hangs.Task); // says nothing until its caller is gone
        upstream.Always(call => call.StreamTextAsync("done"));
        string id;
        await using (var leaving = await FunctionsHost.StartAsync(Settings(prefix, upstream)))
        {
            using var client = Authorized(leaving);
            id = (await client.AcceptAsync(Session, "interrupted")).Text;
            await upstream.RequestAsync(0);
            Assert.Equal(0, await leaving.TerminateAsync()); // no queue message is given back
        }

        hangs.SetResult();
        await using var next = await FunctionsHost.StartAsync(Settings(prefix, upstream));
        using var other = Authorized(next);
        Assert.Equal("done", (await other.FollowAsync(id)).Text);
        await WaitUntilEmptyAsync(prefix);
        (await History.ReadAsync(azurite.StorageAccount.Table(prefix + SessionStore.TableName), Key.Partition)).HoldsExactly(
            ["interrupted"]);
    }

    [Fact(Timeout = 90_000)]
    [Trait("Feature", "R9")]
    public async Task A_message_that_keeps_failing_ends_in_the_poison_queue_and_health_says_so()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var prefix = AzuriteFixture.UniqueName()[..12];
        var queue = azurite.StorageAccount.Queue(WakeUps.QueueNameOf(prefix));
        await queue.SendAsync("no wake-up of ours", null, Timeout.InfiniteTimeSpan, CancellationToken.None);
        await using var host = await FunctionsHost.StartAsync(Settings(prefix, upstream));
        using var client = Authorized(host);
        var poison = azurite.StorageAccount.Queue(WakeUps.QueueNameOf(prefix) + WakeUps.PoisonSuffix);
        while (await poison.CountAsync(TestContext.Current.CancellationToken) == 0)
        {
            // 5 deliveries, 5 s apart, by the storage service's clock
            await Task.Delay(WakeUps.PollInterval, TestContext.Current.CancellationToken);
        }

        using var answer = await client.GetAsync(new Uri("health/detailed", UriKind.Relative), TestContext.Current.CancellationToken);
        var health = await answer.ReadJsonAsync();
        Assert.Equal("degraded", health.Text("status"));
        Assert.Equal(1, health.GetProperty("wakeUps").GetProperty("poison").GetInt64());
        var results = await Task.WhenAll(host.Invocations.All.Where(static i => i.Function == "HandleWakeUp").Select(static i => i.Result));
        Assert.Equal(WakeUps.MaxDeliveries, results.Length);
        Assert.All(results, static r => Assert.Contains("not a wake-up", r.Exception.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another-wakeups")]
    public async Task A_queue_setting_that_disagrees_with_the_prefix_makes_the_worker_answer_503(string? setting)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await FunctionsHost.StartAsync(
            new(Settings(AzuriteFixture.UniqueName()[..12], upstream)) { [WakeUps.QueueSetting] = setting ?? "" });
        using var ready = await host.Client.GetAsync(new Uri("readyz", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("configuration_invalid", await ready.Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains(host.Worker.Process.Output, static line => line.Contains(WakeUps.QueueSetting, StringComparison.Ordinal));
    }

    private static HttpClient Authorized(FunctionsHost host)
    {
        var client = new HttpClient(
            new SocketsHttpHandler { UseProxy = false })
        { BaseAddress = host.BaseUrl, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", GatewayHost.Token);
        return client;
    }

    /// <summary>The last successor finds nothing to do and goes.</summary>
    private async Task WaitUntilEmptyAsync(string prefix)
    {
        var queue = azurite.StorageAccount.Queue(WakeUps.QueueNameOf(prefix));
        while (await queue.CountAsync(TestContext.Current.CancellationToken) > 0)
        {
            await Task.Delay(WakeUps.PollInterval, TestContext.Current.CancellationToken);
        }
    }

    private Dictionary<string, string> Settings(string prefix, ScriptedUpstream upstream) => new()
    {
        ["DataStorage"] = azurite.ConnectionString,
        ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
        ["OPENCLAW__storage__prefix"] = prefix,
        ["OPENCLAW__storage__leaseSeconds"] = "2",
        ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
        ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
    };
}
