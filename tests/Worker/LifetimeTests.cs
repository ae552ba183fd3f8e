using System.Diagnostics;
using System.Net;
using OpenClaw.Functions.Worker.Protocol;
using OpenClaw.Tests.Support;
using Xunit;
using static OpenClaw.Tests.Support.TestWorkerHost;

namespace OpenClaw.Tests.Worker;

public sealed class LifetimeTests
{
    [Fact]
    [Trait("Feature", "R20")]
    public async Task A_worker_that_is_told_to_leave_finishes_its_requests_and_exits_with_0()
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
    public async Task A_worker_that_is_told_to_leave_does_not_wait_forever_for_a_request()
    {
        await using var host = await StartAsync();
        var request = host.Client.GetAsync("hang/r20");
        await AwaitSignalAsync(host, "r20-started");
        var invocation = await host.Invocations.FindAsync("Hang");

        Assert.Equal(0, await host.TerminateAsync()); // a worker that had to be killed ends with 137

        Assert.Equal(StatusResult.Types.Status.Cancelled, (await invocation.Result.WaitAsync(FunctionsHost.Patience)).Status);
        using var answer = await request;
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
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
    public async Task A_worker_whose_stream_is_ended_leaves_and_is_started_anew()
    {
        await using var host = await StartAsync();
        var first = host.Worker;

        first.Channel.End();

        Assert.Equal(200, await first.Process.Exited.WaitAsync(FunctionsHost.Patience));
        Assert.NotEqual(first.Process.Id, (await host.NextAsync(first)).Process.Id);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 })] // compressed
    [InlineData(new byte[] { 0, 1, 0, 0, 1 })] // 16 MiB and 1
    [InlineData(new byte[] { 0, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 255 })] // not protobuf
    public async Task A_host_that_breaks_the_protocol_makes_the_worker_leave_with_an_error(byte[] frame)
    {
        await using var host = await StartAsync();
        var first = host.Worker;

        await first.Channel.SendFrameAsync(frame);

        Assert.Equal(1, await first.Process.Exited.WaitAsync(FunctionsHost.Patience));
        Assert.Contains(first.Process.Output, line => line.StartsWith("error: The host sent", StringComparison.Ordinal));
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

    [Fact]
    public async Task A_worker_starts_with_the_argument_names_of_older_hosts()
    {
        await using var host = await StartAsync(legacyArguments: true);
        using var answer = await host.Client.PostAsync("echo", new StringContent("hello"));

        Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_reload_changes_variables_and_directory_and_offers_the_same_port()
    {
        await using var host = await StartAsync();
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var reload = new FunctionEnvironmentReloadRequest { FunctionAppDirectory = folder.FullName };
            reload.EnvironmentVariables.Add("TEST_RELOADED", "yes");
            var answer = await host.Worker.Channel.AskAsync(new StreamingMessage { FunctionEnvironmentReloadRequest = reload });

            Assert.Equal(StatusResult.Types.Status.Success, answer.FunctionEnvironmentReloadResponse.Result.Status);
            Assert.Equal(host.Worker.Address, new Uri(answer.FunctionEnvironmentReloadResponse.Capabilities["HttpUri"]));
            Assert.Equal($"yes\n{folder.FullName}", await host.Client.GetStringAsync("environment/TEST_RELOADED"));
        }
        finally
        {
            folder.Delete();
        }
    }

    [Fact]
    public async Task A_reload_that_fails_says_so_and_the_worker_goes_on()
    {
        await using var host = await StartAsync();
        var reload = new FunctionEnvironmentReloadRequest { FunctionAppDirectory = "/no/such/folder" };
        var answer = await host.Worker.Channel.AskAsync(new StreamingMessage { FunctionEnvironmentReloadRequest = reload });

        Assert.Equal(StatusResult.Types.Status.Failure, answer.FunctionEnvironmentReloadResponse.Result.Status);
        using var echo = await host.Client.PostAsync("echo", new StringContent("hello"));
        Assert.Equal(HttpStatusCode.OK, echo.StatusCode);
    }
}
