using System.Diagnostics;
using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Protocol;
using Xunit;
using static OpenClaw.Tests.Support.TestWorkerHost;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

public sealed class LifetimeTests
{
    [Fact]
    [Trait("Feature", "R20")]
    public async Task A_terminated_worker_finishes_its_requests_and_exits_with_0()
    {
        await using var host = await StartAsync();
        var request = host.Client.GetAsync("finish/r20");
        await AwaitSignalAsync(host, "r20-started");

        var exitCode = await host.TerminateAsync();

        using var answer = await request;
        Assert.Equal("finished", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, exitCode);
        var invocation = await host.Invocations.FindAsync("FinishWhenStopping");
        Assert.Equal(StatusResult.Types.Status.Success, (await invocation.Result).Status);
    }

    [Fact]
    [Trait("Feature", "R20")]
    public async Task A_terminated_worker_does_not_wait_forever_for_a_request()
    {
        await using var host = await StartAsync();
        var request = host.Client.GetAsync("hang/r20");
        await AwaitSignalAsync(host, "r20-started");
        var invocation = await host.Invocations.FindAsync("Hang");

        Assert.Equal(0, await host.TerminateAsync()); // a worker that had to be killed ends with 137

        Assert.NotEqual(StatusResult.Types.Status.Failure, (await invocation.Result.WaitAsync(FunctionsHost.Patience)).Status);
        using var answer = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "R20")]
    public async Task A_signal_leaves_the_end_to_the_host()
    {
        await using var host = await StartAsync();
        using (var kill = Process.Start("kill", ["-TERM", $"{host.Worker.Process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        using var answer = await host.Client.PostAsync("echo", new StringContent("still here"));
        Assert.Equal("still here", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, await host.TerminateAsync());
    }

    [Fact]
    public async Task A_worker_whose_host_dies_leaves_too()
    {
        await using var host = await StartAsync();
        _ = host.Client.GetAsync("hang/orphan");
        await AwaitSignalAsync(host, "orphan-started");

        Assert.Equal(200, await host.DieAsync());
    }

    [Fact]
    public async Task Requests_after_a_crash_are_served_by_the_next_worker()
    {
        await using var host = await StartAsync();
        for (var crash = 0; crash < 2; crash++)
        {
            var worker = host.Worker;
            using (var broken = await host.Client.PostAsync("crash", null))
            {
                Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
            }

            await host.NextAsync(worker);
            using var answer = await host.Client.PostAsync("echo", new StringContent("back"));
            Assert.Equal("back", await answer.Content.ReadAsStringAsync());
        }
    }
}
