using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Protocol;
using Xunit;
using static OpenClaw.Tests.Support.TestWorkerHost;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

public sealed class InvocationTests(TestWorkerHost worker) : IClassFixture<TestWorkerHost>
{
    private static readonly Dictionary<string, string> ShortLimit = new() { ["TEST_REQUEST_SECONDS"] = "0.5" };

    private readonly FunctionsHost _host = worker.Host;

    [Fact]
    public async Task A_request_that_succeeds_is_answered_once()
    {
        using var answer = await _host.Client.PostAsync("echo", new StringContent("hello"));

        Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
        var result = await OnlyResultAsync(_host, await _host.Invocations.FindAsync("Echo"));
        Assert.Equal(StatusResult.Types.Status.Success, result.Status);
    }

    [Fact]
    public async Task A_function_that_throws_is_answered_once_as_a_failure()
    {
        using var answer = await _host.Client.GetAsync("throw");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var result = await OnlyResultAsync(_host, await _host.Invocations.FindAsync("ThrowError"));
        Assert.Equal(StatusResult.Types.Status.Failure, result.Status);
    }

    [Fact]
    public async Task A_request_that_fails_before_its_function_is_answered_once_and_logged()
    {
        using var answer = await _host.Client.GetAsync("ambiguous");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var result = await OnlyResultAsync(_host, await _host.Invocations.FindAsync("OneOfTwo"));
        Assert.NotEqual(StatusResult.Types.Status.Failure, result.Status); // its function was never called
        Assert.Contains(_host.Logs, static l => l.Exception?.Message.Contains("AmbiguousMatchException", StringComparison.Ordinal) == true
            || l.Exception?.Type.Contains("AmbiguousMatchException", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_request_that_comes_before_its_invocation_waits_for_it()
    {
        var id = Guid.NewGuid().ToString();
        var request = SendToWorkerAsync("inspect/x", id);
        await _host.Worker.Channel.AskAsync(new StreamingMessage { WorkerStatusRequest = new WorkerStatusRequest() });
        Assert.DoesNotContain(_host.Worker.Channel.Messages, m => m.InvocationResponse?.InvocationId == id);

        await _host.InvokeWithoutRequestAsync("Inspect", id);

        using var answer = await request;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var response = await _host.Worker.Channel.ReceiveAsync(m => m.InvocationResponse?.InvocationId == id);
        Assert.Equal(StatusResult.Types.Status.Success, response.InvocationResponse.Result.Status);
    }

    [Fact]
    public async Task An_invocation_without_a_request_is_given_up()
    {
        await using var host = await StartAsync(ShortLimit);
        var invocation = await host.InvokeWithoutRequestAsync("Echo");

        // the package's own end is a failure
        Assert.Equal(StatusResult.Types.Status.Success, (await OnlyResultAsync(host, invocation)).Status);
    }

    [Fact]
    public async Task A_request_whose_invocation_is_never_announced_is_answered_in_the_end()
    {
        using var answer = await SendToWorkerAsync("inspect/x", Guid.NewGuid().ToString()); // the package waits for 5 s

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_client_that_brings_an_invocation_id_of_its_own_gets_an_answer_and_leaves_nothing_open()
    {
        await using var host = await StartAsync(ShortLimit);
        using var request = new HttpRequestMessage(HttpMethod.Get, "inspect/x");
        request.Headers.Add("x-ms-invocation-id", Guid.NewGuid().ToString()); // newer hosts replace it
        using var answer = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var invocation = await host.Invocations.FindAsync("Inspect");
        Assert.NotEqual(StatusResult.Types.Status.Failure, (await OnlyResultAsync(host, invocation)).Status);
    }

    [Fact]
    [Trait("Feature", "R15")]
    public async Task Requests_that_are_taken_back_at_once_leave_no_invocation_to_time_out()
    {
        await using var host = await StartAsync(ShortLimit);
        var random = new Random(11);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var leaving = new CancellationTokenSource(random.Next(0, 4));
            try
            {
                using var answer = await host.Client.GetAsync("inspect/x", leaving.Token);
            }
            catch (OperationCanceledException)
            {
                // As meant.
            }
        }));

        // The package's own way out is a failure after 15 s: "Timed out waiting for the function start call".
        var results = await Task.WhenAll(host.Invocations.All.Select(static i => i.Result.WaitAsync(FunctionsHost.Patience)));
        Assert.DoesNotContain(results, static r => r.Status == StatusResult.Types.Status.Failure);
        using var after = await host.Client.PostAsync("echo", new StringContent("still here"));
        Assert.Equal("still here", await after.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_invocation_named_before_its_request_is_answered_after_it()
    {
        var invocation = await _host.InvokeWithoutRequestAsync("Inspect");
        await _host.Worker.Channel.AskAsync(new StreamingMessage { WorkerStatusRequest = new WorkerStatusRequest() });
        Assert.False(invocation.Result.IsCompleted);

        using var answer = await SendToWorkerAsync("inspect/x", invocation.Id);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(StatusResult.Types.Status.Success, (await OnlyResultAsync(_host, invocation)).Status);
    }

    [Fact]
    public async Task An_invocation_cancelled_before_its_request_came_is_answered_at_once()
    {
        var invocation = await _host.InvokeWithoutRequestAsync("Echo");

        await _host.CancelAsync(invocation);

        Assert.NotEqual(StatusResult.Types.Status.Failure, (await OnlyResultAsync(_host, invocation)).Status);
    }

    [Fact]
    public async Task An_invocation_of_a_function_that_is_not_there_fails_at_once()
    {
        var invocation = await _host.InvokeWithoutRequestAsync("nobody");

        Assert.Equal(StatusResult.Types.Status.Failure, (await OnlyResultAsync(_host, invocation)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not an id")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_request_that_does_not_come_from_the_host_is_refused(string? id)
    {
        using var answer = await SendToWorkerAsync("inspect/x", id);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_second_request_with_the_same_id_is_refused()
    {
        var invocation = await _host.InvokeWithoutRequestAsync("Hang");
        var first = SendToWorkerAsync("hang/twice", invocation.Id);
        await AwaitSignalAsync(_host, "twice-started");

        using var second = await SendToWorkerAsync("hang/twice", invocation.Id);

        Assert.Equal(HttpStatusCode.Forbidden, second.StatusCode);
        await _host.CancelAsync(invocation);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => first);
    }

    private async Task<HttpResponseMessage> SendToWorkerAsync(string path, string? id)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_host.Worker.Address, path));
        if (id is not null)
        {
            request.Headers.Add("x-ms-invocation-id", id);
        }

        return await client.SendAsync(request);
    }
}
