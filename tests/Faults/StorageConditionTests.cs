using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>Storage that answers, but not as it should, until it is mended.</summary>
[Trait("Feature", "R11")]
public class StorageConditionTests(AzuriteFixture azurite)
{
    private const string Session = "condition";

    private static readonly StorageRetryOptions Fast =
        new() { FirstDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(50) };

    private static readonly StorageRetryOptions Impatient = new() { MaxTries = 1, TryTimeout = TimeSpan.FromSeconds(3) };

    private static readonly Dictionary<string, StorageFault> Conditions = new()
    {
        ["lacks a permission"] = StorageFaults.Answer(403, "AuthorizationPermissionMismatch"),
        ["dates by a clock 20 minutes off"] = StorageFaults.Answer(403, "AuthenticationFailed"),
        ["has a table that is being deleted"] = StorageFaults.Answer(409, "TableBeingDeleted"),
        ["is throttled"] = StorageFaults.Answer(503, "ServerBusy"),
        ["is throttled for an hour"] = StorageFaults.Busy(3600),
        ["gets truncated answers"] = StorageFaults.TruncateReply,
        ["hangs"] = StorageFaults.Delay(new TaskCompletionSource().Task),
    };

    [Theory]
    [InlineData("lacks a permission", "storage_refused", "403 AuthorizationPermissionMismatch")]
    [InlineData("dates by a clock 20 minutes off", "storage_refused", "this machine's clock")]
    [InlineData("has a table that is being deleted", "storage_unavailable", "409 TableBeingDeleted")]
    [InlineData("is throttled", "storage_unavailable", "503 ServerBusy")]
    [InlineData("is throttled for an hour", "storage_unavailable", "503 ServerBusy")]
    [InlineData("gets truncated answers", "storage_unavailable", "ConnectionFailed")]
    [InlineData("hangs", "storage_unavailable", "TimedOut")]
    public async Task A_gateway_whose_storage_is_in_a_bad_condition_answers_503_logs_why_and_recovers(
        string condition, string code, string reason)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: condition == "hangs" ? Impatient : Fast);
        await using var gateway = await ResponsesGateway.StartAsync(upstream, storage, c => c.Storage.LeaseSeconds = 2);
        upstream.Always(call => call.StreamTextAsync("echo ", call.LastUserText()));
        Assert.True((await gateway.Client.AskAsync(Way.Idempotent, Session, "before")).IsAnswer);

        network.On(call => call.Service == "Table", Conditions[condition], int.MaxValue);
        foreach (var way in Enum.GetValues<Way>())
        {
            Assert.Equal(new Heard(HttpStatusCode.ServiceUnavailable, code), await gateway.Client.AskAsync(way, Session, $"during {way}"));
        }

        Assert.Contains(reason, gateway.Log, StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
        network.Clear();
        foreach (var way in Enum.GetValues<Way>())
        {
            Assert.Equal(new Heard(HttpStatusCode.OK, $"echo during {way}"), await gateway.Client.AskAsync(way, Session, $"during {way}"));
        }

        var history = await History.ReadAsync(
            azurite.StorageAccount.Table(gateway.Prefix + SessionStore.TableName), History.PartitionOf(Session));
        history.HoldsExactly(["before", .. Enum.GetNames<Way>().Select(way => $"during {way}")]);
    }

    [Fact]
    public async Task A_gateway_that_may_not_write_its_queue_accepts_no_background_run_and_does_all_else()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: Fast);
        await using var gateway = await ResponsesGateway.StartAsync(upstream, storage);
        upstream.Always(call => call.StreamTextAsync("echo ", call.LastUserText()));
        network.On(call => call.Service == "Queue", Conditions["lacks a permission"], int.MaxValue);

        var refused = await gateway.Client.AskAsync(Way.Background, Session, "one");
        var answered = await gateway.Client.AskAsync(Way.Idempotent, Session, "two");
        network.Clear();
        var again = await gateway.Client.AskAsync(Way.Background, Session, "one");

        Assert.Equal(new Heard(HttpStatusCode.ServiceUnavailable, "storage_refused"), refused);
        Assert.True(answered.IsAnswer);
        Assert.True(again.IsAnswer);
        Assert.Contains("send to queue", gateway.Log, StringComparison.Ordinal);
        var history = await History.ReadAsync(
            azurite.StorageAccount.Table(gateway.Prefix + SessionStore.TableName), History.PartitionOf(Session));
        Assert.Equal(["two", "one"], history.Inputs);
    }

    [Theory]
    [Trait("Feature", "R2")]
    [InlineData(20)]
    [InlineData(-20)]
    public async Task An_instance_whose_clock_is_20_minutes_off_respects_the_leases_of_others(int minutes)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: Fast);
        await using var holder = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.LeaseSeconds = 2);
        await using var other = await GatewayHost.StartAsync(
            storage,
            c =>
            {
                (c.Storage.LeaseSeconds, c.Storage.Prefix) = (2, holder.Prefix);
                c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            },
            services => services.AddSingleton<TimeProvider>(new ShiftedClock(TimeSpan.FromMinutes(minutes))));
        var mayEnd = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await mayEnd.Task;
            await call.SendDeltaAsync("first");
            await call.FinishAsync();
        });
        upstream.Next(call => call.StreamTextAsync("second"));
        var first = holder.Client.AskAsync(Way.Chat, Session, "one");
        await upstream.RequestAsync(0);
        var looked = network.Watch(call => call.Method == "GET" && call.Path.Contains("RowKey='head'", StringComparison.Ordinal));
        var second = other.Client.AskAsync(Way.Chat, Session, "two");
        await looked.Hit;
        await looked.Again(); // it found the session held, and looks again
        mayEnd.SetResult();

        Assert.Equal(new Heard(HttpStatusCode.OK, "first"), await first);
        Assert.Equal(new Heard(HttpStatusCode.OK, "second"), await second);
        var history = await History.ReadAsync(
            azurite.StorageAccount.Table(holder.Prefix + SessionStore.TableName), History.PartitionOf(Session));
        Assert.Equal(["one", "two"], history.Inputs);
    }
}
