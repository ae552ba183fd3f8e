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
    private const string Session = "contended";

    [Theory]
    [InlineData(Way.Chat, "other")]
    [InlineData(Way.Idempotent, "other")]
    [InlineData(Way.Idempotent, "same")]
    public async Task Output_after_an_expired_lease_is_not_stored_and_the_caller_gets_409(Way way, string second)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: new() { MaxTries = 1 });
        await using var cutOff = await ResponsesGateway.StartAsync(upstream, storage, c => c.Storage.LeaseSeconds = 2);
        await using var other = await ResponsesGateway.StartAsync(
            upstream, azurite.StorageAccount, c => (c.Storage.LeaseSeconds, c.Storage.Prefix) = (2, cutOff.Prefix));
        network.On(StorageSteps.Renewal, StorageFaults.Busy(), int.MaxValue);
        var mayEnd = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("too late");
            await mayEnd.Task;
            await call.FinishAsync();
        });
        upstream.Next(call => call.StreamTextAsync("in time"));

        var first = cutOff.Client.AskAsync(way, Session, "same");
        await upstream.RequestAsync(0);
        Assert.Equal(new Heard(HttpStatusCode.OK, "in time"), await other.Client.AskAsync(way, Session, second));
        mayEnd.SetResult();

        Assert.Equal(new Heard(HttpStatusCode.Conflict, "session_lease_lost"), await first);
        var history = await History.ReadAsync(azurite.StorageAccount.Table(cutOff.Prefix + SessionStore.TableName), History.PartitionOf(Session));
        history.HoldsExactly([second]);
        Assert.Equal(["in time"], history.Answers);
    }
}
