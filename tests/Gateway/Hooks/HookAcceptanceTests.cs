using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Hooks;

/// <summary>What holds between the acceptance of a call and its run.</summary>
[Trait("Feature", "F71")]
public class HookAcceptanceTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("k")]
    [InlineData(null)]
    public async Task A_call_that_cannot_be_accepted_in_15_seconds_is_refused_and_may_be_sent_again(string? key)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var storage = StorageAccount.Parse(network.ConnectionString);
        await using var gateway = await HookGateway.StartAsync(storage, services: services => services.AddSingleton<TimeProvider>(clock));
        (string, string)[] headers = key is null ? [] : [("Idempotency-Key", key)];
        await gateway.PostOkAsync("/hooks/agent", """{"message":"warm"}""");
        await gateway.Upstream.RequestAsync(0);

        var back = new TaskCompletionSource();
        var held = network.On(StorageSteps.Accept, StorageFaults.Delay(back.Task));
        var refused = gateway.PostFailureAsync("/hooks/agent", """{"message":"Hello"}""", headers);
        await held.Hit;
        Assert.Equal((503, "storage_unavailable"), await gateway.Host.WhileTimeGoesOnAsync(refused, clock, TimeSpan.FromSeconds(5)));
        back.SetResult();
        var again = await gateway.PostOkAsync("/hooks/agent", """{"message":"Hello"}""", headers);
        var end = gateway.EndOfAsync(again.GetProperty("runId").GetString()!);
        Assert.Equal(
            "completed",
            (await gateway.Host.WhileTimeGoesOnAsync(end, clock, TimeSpan.FromMilliseconds(100))).GetProperty("status").GetString());
        Assert.Equal(1, gateway.Asked.Count(text => text.Contains("\nHello\n", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_call_that_waits_when_hooks_are_switched_off_is_not_executed()
    {
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount, "defaultSessionKey: 'hook:one'");
        var mayEnd = new TaskCompletionSource();
        gateway.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await mayEnd.Task;
            await call.SendDeltaAsync("first");
            await call.FinishAsync();
        });
        await gateway.PostOkAsync("/hooks/agent", """{"message":"one"}""");
        await gateway.Upstream.RequestAsync(0);
        var waiting = (await gateway.PostOkAsync("/hooks/agent", """{"message":"two"}""")).GetProperty("runId").GetString()!;
        gateway.Host.Services.GetRequiredService<GatewayConfigStore>().Current.Hooks.Enabled = false;
        mayEnd.SetResult();

        var end = await gateway.EndOfAsync(waiting);
        Assert.Equal(
            ("failed", "UNAUTHORIZED"), (end.GetProperty("status").GetString(), end.GetProperty("error").GetProperty("code").GetString()));
        Assert.Single(gateway.Asked);
    }
}
