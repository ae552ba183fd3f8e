using System.Globalization;
using System.Net;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>Storage misbehaves: answers are lost, refused or cut off, or nothing comes for a while.</summary>
[Trait("Feature", "R11")]
public class StorageFaultTests(AzuriteFixture azurite)
{
    private const string Session = "faulty";

    private static readonly StorageRetryOptions Fast = new() { FirstDelay = TimeSpan.FromMilliseconds(20) };

    private static readonly Dictionary<string, Func<StorageCall, bool>> Steps = new()
    {
        ["begin"] = StorageSteps.Begin,
        ["renewal"] = StorageSteps.Renewal,
        ["upload"] = StorageSteps.Upload,
        ["commit"] = StorageSteps.Commit,
        ["claim"] = StorageSteps.Claim,
        ["wake-up"] = StorageSteps.WakeUp,
        ["accept"] = StorageSteps.Accept,
        ["journal"] = StorageSteps.Journal,
    };

    private static readonly StorageFault[] Kinds =
        [StorageFaults.DropReply, StorageFaults.TruncateReply, StorageFaults.Drop, StorageFaults.Busy()];

    [Theory]
    [InlineData(Way.Chat, "begin")]
    [InlineData(Way.Chat, "renewal")]
    [InlineData(Way.Chat, "upload")]
    [InlineData(Way.Chat, "commit")]
    [InlineData(Way.Idempotent, "claim")]
    [InlineData(Way.Idempotent, "begin")]
    [InlineData(Way.Idempotent, "commit")]
    [InlineData(Way.Background, "claim")]
    [InlineData(Way.Background, "wake-up")]
    [InlineData(Way.Background, "accept")]
    [InlineData(Way.Background, "begin")]
    [InlineData(Way.Background, "renewal")]
    [InlineData(Way.Background, "journal")]
    [InlineData(Way.Background, "upload")]
    [InlineData(Way.Background, "commit")]
    public async Task A_write_whose_answer_is_lost_counts_once_and_the_caller_hears_success(Way way, string step)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: Fast);
        await using var gateway = await ResponsesGateway.StartAsync(upstream, storage, c => c.Storage.LeaseSeconds = 2);
        Assert.True((await gateway.Client.AskAsync(Way.Chat, Session, "before")).IsAnswer);
        var asked = new List<string> { "before" };
        foreach (var kind in Kinds)
        {
            network.Clear();
            var fault = network.On(Steps[step], kind);
            var retry = network.Watch(Steps[step]);
            upstream.Next(async call =>
            {
                await call.StartStreamAsync();
                await call.SendDeltaAsync("echo ");
                await (step is "renewal" or "journal" ? Task.WhenAll(fault.Hit, retry.Hit) : Task.CompletedTask);
                await call.SendDeltaAsync(call.LastUserText());
                await call.FinishAsync();
            });
            var text = string.Create(CultureInfo.InvariantCulture, $"{way} {asked.Count}") + (
                step == "upload" ? new string('x', 300_000) : "");
            var heard = await gateway.Client.AskAsync(way, Session, text);

            Assert.Equal(new Heard(HttpStatusCode.OK, "echo " + text), heard);
            Assert.True(fault.Hit.IsCompleted);
            asked.Add(text);
        }

        await CheckAsync(gateway, h => h.HoldsExactly(asked));
        Assert.Equal(asked.Count, upstream.Requests.Count);
        TestContext.Current.SendDiagnosticMessage(
            $"{way} {step}: inputs {asked.Count}, faults {network.Faults}, model calls {upstream.Requests.Count}, lost 0, doubled 0");
    }

    [Theory]
    [InlineData(Way.Chat, false)]
    [InlineData(Way.Chat, true)]
    [InlineData(Way.Idempotent, false)]
    [InlineData(Way.Idempotent, true)]
    [InlineData(Way.Background, false)]
    [InlineData(Way.Background, true)]
    public async Task Storage_that_goes_down_during_a_run_fails_it_clearly_and_the_next_request_works(Way way, bool carriesOut)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: Fast);
        await using var gateway = await ResponsesGateway.StartAsync(upstream, storage, c => c.Storage.LeaseSeconds = 2);
        upstream.Next(call =>
        {
            network.On(StorageSteps.Any, carriesOut ? StorageFaults.DropReply : StorageFaults.Busy(), int.MaxValue);
            return call.StreamTextAsync("first");
        });
        var failed = await gateway.Client.AskAsync(way, Session, "one");
        using var meanwhile = await gateway.PostResponseAsync("""{"model":"mock/m","input":"x"}""");
        network.Clear();

        Assert.Equal(new Heard(HttpStatusCode.ServiceUnavailable, "storage_unavailable"), failed);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage_unavailable"), (
            meanwhile.StatusCode, (await meanwhile.ReadErrorAsync()).Code));
        if (way != Way.Chat)
        {
            var again = await gateway.Client.AskAsync(way, Session, "one");
            Assert.True(again.IsAnswer, again.Text);
        }

        Assert.True((await gateway.Client.AskAsync(way, Session, "two")).IsAnswer);
        await CheckAsync(gateway, h => h.HoldsAll(way == Way.Chat ? ["two"] : ["one", "two"], ["one"]));
        TestContext.Current.SendDiagnosticMessage($"{way}, carried out unseen: {carriesOut}: inputs 2, faults {network.Faults}, model calls {upstream.Requests.Count}, lost 0, doubled 0");
    }

    [Fact]
    public async Task A_stream_that_cannot_be_stored_ends_with_an_error_and_not_in_silence()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: Fast);
        await using var gateway = await ResponsesGateway.StartAsync(upstream, storage, c => c.Storage.LeaseSeconds = 2);
        upstream.Always(call =>
        {
            network.On(StorageSteps.Any, StorageFaults.Drop, int.MaxValue);
            return call.StreamTextAsync("first");
        });
        using var chat = await gateway.PostChatAsync(
            """{"model":"mock/m","user":"a","stream":true,"messages":[{"role":"user","content":"x"}]}""");
        var sent = await chat.ReadEventsAsync();
        network.Clear();
        var events = await gateway.StreamAsync("""{"model":"mock/m","user":"b","stream":true,"input":"x"}""");

        Assert.Equal("[DONE]", sent[^1]);
        Assert.Contains("storage_unavailable", sent[^2], StringComparison.Ordinal);
        Assert.Equal("response.failed", events[^1].Type());
    }

    /// <summary>Past the faults.</summary>
    private async Task CheckAsync(GatewayHost gateway, Action<History> check)
    {
        var table = azurite.StorageAccount.Table(gateway.Prefix + SessionStore.TableName);
        check(await History.ReadAsync(
            table, History.PartitionOf(Session), azurite.StorageAccount.Container(gateway.Prefix + "-transcripts")));
    }
}
