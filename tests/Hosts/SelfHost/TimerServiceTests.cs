using System.Threading.Channels;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Functions;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Hosts.SelfHost;

[Trait("Feature", "R22")]
public class TimerServiceTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 30, TimeSpan.Zero);

    [Fact]
    public async Task A_tick_that_was_missed_is_made_up_for_soon_after_the_start_and_the_rest_keep_to_the_schedule()
    {
        var clock = new WatchedTimeProvider(Start);
        var ticks = Channel.CreateUnbounded<bool>();
        await using var services = new ServiceCollection().AddSingleton(new Minutely(ticks.Writer)).BuildServiceProvider();
        var catalog = new FunctionCatalog().AddTimer<Minutely>(static (f, timer, token) => f.RunAsync(timer, token));
        using var timers = new TimerService(catalog, services, clock, NullLogger<TimerService>.Instance);
        await timers.StartAsync(TestContext.Current.CancellationToken);

        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await ticks.Reader.ReadAsync(TestContext.Current.CancellationToken)); // 12:00:35, past due
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(25));
        clock.Advance(TimeSpan.FromSeconds(24.999));
        Assert.False(ticks.Reader.TryRead(out _));
        clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.False(await ticks.Reader.ReadAsync(TestContext.Current.CancellationToken)); // 12:01:00; it throws
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False(await ticks.Reader.ReadAsync(TestContext.Current.CancellationToken));

        await timers.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Minutely(ChannelWriter<bool> ticks)
    {
        [Function(nameof(Minutely))]
        public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        {
            ticks.TryWrite(timer.IsPastDue);
            return timer.IsPastDue ? Task.CompletedTask : Task.FromException(new InvalidOperationException("the tick failed"));
        }
    }
}
