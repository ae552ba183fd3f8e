using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>A run moves to another instance while it is followed.</summary>
public class ResumeTests(AzuriteFixture azurite)
{
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;
    private const string Session = "watched";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "R4")]
    public async Task A_follower_on_another_instance_sees_the_run_resume_after_a_kill(bool anotherWaits)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString);
        await using var survivor = await ResponsesGateway.StartAsync(upstream, storage, c => c.Storage.LeaseSeconds = 2);
        await using var doomed = await StartAsync(azurite.ConnectionString, survivor.Prefix, upstream);
        var more = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("one ");
            await more.Task;
            await call.SendDeltaAsync("two ");
            await call.ClientGone;
        });
        upstream.Next(call => call.StreamTextAsync("again"));
        await using var follower = await Follower.StartAsync(survivor, (await doomed.Client.AcceptAsync(Session, "first")).Text);
        await follower.ReadToAsync("one ");
        string? behind = null;
        if (anotherWaits)
        {
            // The survivor has looked at the run already, and waits for its session, when the run gets further.
            var looked = network.Watch(c => Uri.UnescapeDataString(c.Path).Contains("req~", StringComparison.Ordinal));
            behind = (await survivor.Client.AcceptAsync(Session, "second")).Text;
            await looked.Hit;
        }

        more.SetResult();
        await follower.ReadToAsync("two ");
        doomed.Signal(CommandProcess.Kill);

        await follower.EndsAsync("again");
        Assert.True(behind is null || (await survivor.Client.FollowAsync(behind)).Text == "second");
        await CheckAsync(survivor, behind is null ? ["first"] : ["first", "second"]);
    }

    [Fact]
    [Trait("Feature", "R2")]
    public async Task A_paused_holder_writes_nothing_into_the_run_that_another_instance_took_over()
    {
        await using var slow = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var other = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.LeaseSeconds = 2);
        await using var paused = await StartAsync(slow.ConnectionString, other.Prefix, upstream);
        var (goOn, isOver, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var writes = new TaskCompletionSource<FaultRule>();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("one ");
            await goOn.Task;
            await call.SendDeltaAsync("late ");
            var write = await writes.Task;
            await write.Hit;
            var next = write.Again();
            try
            {
                await call.SendDeltaAsync("later ");
                await Task.WhenAny(next, call.ClientGone);
            }
            finally
            {
                isOver.SetResult();
            }
        });
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("again");
            await mayEnd.Task;
            await call.FinishAsync();
        });
        await using var follower = await Follower.StartAsync(other, (await paused.Client.AcceptAsync(Session, "first")).Text);
        await follower.ReadToAsync("one ");
        paused.Signal(StopSignal);
        await follower.ReadToAsync("again");

        slow.On(StorageSteps.Renewal, StorageFaults.Delay(mayEnd.Task), int.MaxValue); // only its writing can tell it
        writes.SetResult(slow.Watch(StorageSteps.Journal));
        goOn.SetResult();
        paused.Signal(ContinueSignal);
        await isOver.Task;
        mayEnd.SetResult();

        await follower.EndsAsync("again");
        Assert.DoesNotContain("late", follower.Seen, StringComparison.Ordinal);
        await CheckAsync(other, ["first"]);
    }

    private async Task CheckAsync(GatewayHost gateway, IEnumerable<string> inputs) =>
        (await History.ReadAsync(
            azurite.StorageAccount.Table(gateway.Prefix + SessionStore.TableName), History.PartitionOf(Session))).HoldsExactly(inputs);

    private static Task<GatewayProcess> StartAsync(string storage, string prefix, ScriptedUpstream upstream) =>
        GatewayProcess.StartAsync(storage, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
            ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
        });

    /// <summary>Reads the stream of a response while it is made.</summary>
    private sealed class Follower(GatewayHost gateway, string id, HttpResponseMessage answer, StreamReader reader) : IAsyncDisposable
    {
        public string Seen { get; private set; } = "";

        public static async Task<Follower> StartAsync(GatewayHost gateway, string id)
        {
            var answer = await gateway.Client.GetAsync($"/v1/responses/{id}?stream=true", HttpCompletionOption.ResponseHeadersRead);
            return new Follower(gateway, id, answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        }

        public async Task ReadToAsync(string text)
        {
            while (!Seen.Contains(text, StringComparison.Ordinal))
            {
                Seen += await reader.ReadLineAsync() + "\n";
            }
        }

        /// <summary>Completed, numbered without gaps, and the same for who reads it again.</summary>
        public async Task EndsAsync(string text)
        {
            Seen += await reader.ReadToEndAsync();
            var events = ResponsesGateway.Events(Seen);
            Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
            var end = events[^1].GetProperty("response");
            Assert.Equal(("completed", text), (end.Status(), end.Text()));
            var again = ResponsesGateway.Events(await gateway.Client.GetStringAsync($"/v1/responses/{id}?stream=true"));
            Assert.Equal(again.Select(e => e.GetRawText()), events.Select(e => e.GetRawText()));
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
