using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Protocol;
using Xunit;
using static OpenClaw.Tests.Support.TestWorkerHost;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

public sealed class TimerTests(TestWorkerHost worker) : IClassFixture<TestWorkerHost>
{
    private readonly FunctionsHost _host = worker.Host;

    [Theory]
    [InlineData(false, "tick")]
    [InlineData(true, "late-tick")]
    public async Task A_timer_runs_without_a_request_and_knows_when_it_is_late(bool isPastDue, string signal)
    {
        var invocation = await _host.FireTimerAsync("Tick", isPastDue);

        Assert.Equal(StatusResult.Types.Status.Success, (await OnlyResultAsync(_host, invocation)).Status);
        await AwaitSignalAsync(_host, signal);
    }

    [Fact]
    public async Task A_timer_that_throws_is_answered_once_with_the_exception_and_logged()
    {
        var invocation = await _host.FireTimerAsync("FailingTick");

        var result = await OnlyResultAsync(_host, invocation);
        Assert.Equal(StatusResult.Types.Status.Failure, result.Status);
        Assert.Equal("the tick failed", result.Exception.Message);
        Assert.Contains(_host.Logs, l => l.InvocationId == invocation.Id && l.LogCategory == RpcLog.Types.Category.User);
    }

    [Fact]
    public async Task A_cancelled_timer_is_answered_once_as_cancelled()
    {
        var invocation = await _host.FireTimerAsync("HangingTick");
        await AwaitSignalAsync(_host, "hanging-tick");

        await _host.CancelAsync(invocation);

        Assert.Equal(StatusResult.Types.Status.Cancelled, (await OnlyResultAsync(_host, invocation)).Status);
    }
}
