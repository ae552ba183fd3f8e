using System.Net;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>A holder that cannot renew its lease, and does not know that another has its session.</summary>
[Trait("Feature", "R2")]
public class LeaseTests(AzuriteFixture azurite)
{
    private const string Session = "agent:main:api:contended";

    [Theory]
    [InlineData(Way.Chat, "other")]
    [InlineData(Way.Idempotent, "other")]
    [InlineData(Way.Idempotent, "same")]
    public async Task Output_after_an_expired_lease_is_not_stored_and_the_caller_gets_409(Way way, string second)
    {
        await using var rivals = await Rivals.StartAsync(azurite);
        var mayEnd = rivals.FirstAnswerWaits();
        rivals.Upstream.Next(call => call.StreamTextAsync("in time"));

        var first = rivals.CutOff.Client.AskAsync(way, Session, "same");
        await rivals.Upstream.RequestAsync(0);
        Assert.Equal(new Heard(HttpStatusCode.OK, "in time"), await rivals.Other.Client.AskAsync(way, Session, second));
        mayEnd.SetResult();

        Assert.Equal(new Heard(HttpStatusCode.Conflict, "session_lease_lost"), await first);
        var history = await rivals.ReadHistoryAsync();
        history.HoldsExactly([second]);
        Assert.Equal(["in time"], history.Answers);
    }

    /// <summary>No row of the next holder is in the way yet: only the head's version tells.</summary>
    [Theory]
    [InlineData(Way.Chat)]
    [InlineData(Way.Idempotent)]
    public async Task A_holder_whose_lease_ran_out_stores_nothing_while_the_next_holder_still_works(Way way)
    {
        await using var rivals = await Rivals.StartAsync(azurite);
        var (mayEndFirst, mayEndSecond) = (rivals.FirstAnswerWaits(), new TaskCompletionSource());
        rivals.Upstream.Next(async call =>
        {
            await mayEndSecond.Task;
            await call.StreamTextAsync("in time");
        });

        var first = rivals.CutOff.Client.AskAsync(way, Session, "first");
        await rivals.Upstream.RequestAsync(0);
        var second = rivals.Other.Client.AskAsync(way, Session, "second");
        await rivals.Upstream.RequestAsync(1);
        mayEndFirst.SetResult();

        Assert.Equal(new Heard(HttpStatusCode.Conflict, "session_lease_lost"), await first);
        mayEndSecond.SetResult();
        Assert.Equal(new Heard(HttpStatusCode.OK, "in time"), await second);
        (await rivals.ReadHistoryAsync()).HoldsExactly(["second"]);
    }

    [Fact]
    public async Task A_reset_is_not_undone_by_a_holder_whose_lease_ran_out_before_it()
    {
        await using var rivals = await Rivals.StartAsync(azurite);
        rivals.Upstream.Next(call => call.StreamTextAsync("old answer"));
        Assert.True((await rivals.Other.Client.AskAsync(Way.Chat, Session, "old question")).IsAnswer);
        var mayEnd = rivals.FirstAnswerWaits();
        rivals.Upstream.Next(call => call.StreamTextAsync("new answer"));

        var first = rivals.CutOff.Client.AskAsync(Way.Chat, Session, "late question");
        await rivals.Upstream.RequestAsync(1);
        await rivals.Other.PostDataAsync("/api/sessions/contended", """{"action":"reset"}""");
        mayEnd.SetResult();

        Assert.Equal(new Heard(HttpStatusCode.Conflict, "session_lease_lost"), await first);
        Assert.Equal(new Heard(HttpStatusCode.OK, "new answer"), await rivals.Other.Client.AskAsync(Way.Chat, Session, "new question"));
        Assert.Equal(1, rivals.Upstream.Requests[2].Body.GetProperty("messages").GetArrayLength());
    }

    /// <summary>Two gateways on one storage account; the first can take a session but not renew its lease of two seconds.</summary>
    private sealed class Rivals(
        FaultProxy network, ScriptedUpstream upstream, StorageAccount storage, GatewayHost cutOff, GatewayHost other, StorageAccount direct)
        : IAsyncDisposable
    {
        public ScriptedUpstream Upstream => upstream;

        public GatewayHost CutOff => cutOff;

        public GatewayHost Other => other;

        public static async Task<Rivals> StartAsync(AzuriteFixture azurite)
        {
            var network = await FaultProxy.StartAsync(azurite.ConnectionString);
            var upstream = await ScriptedUpstream.StartAsync();
            var storage = StorageAccount.Parse(network.ConnectionString, retry: new() { MaxTries = 1 });
            var cutOff = await ResponsesGateway.StartAsync(upstream, storage, c => c.Storage.LeaseSeconds = 2);
            var other = await ResponsesGateway.StartAsync(
                upstream, azurite.StorageAccount, c => (c.Storage.LeaseSeconds, c.Storage.Prefix) = (2, cutOff.Prefix));
            network.On(StorageSteps.Renewal, StorageFaults.Busy(), int.MaxValue);
            return new(network, upstream, storage, cutOff, other, azurite.StorageAccount);
        }

        /// <summary>The next model call says a word and ends when the result is set.</summary>
        public TaskCompletionSource FirstAnswerWaits()
        {
            var mayEnd = new TaskCompletionSource();
            upstream.Next(async call =>
            {
                await call.StartStreamAsync();
                await call.SendDeltaAsync("too late");
                await mayEnd.Task;
                await call.FinishAsync();
            });
            return mayEnd;
        }

        public Task<History> ReadHistoryAsync() =>
            History.ReadAsync(direct.Table(cutOff.Prefix + SessionStore.TableName), History.PartitionOf(Session));

        public async ValueTask DisposeAsync()
        {
            await other.DisposeAsync();
            await cutOff.DisposeAsync();
            storage.Dispose();
            await upstream.DisposeAsync();
            await network.DisposeAsync();
        }
    }
}
