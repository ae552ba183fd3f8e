using System.Net;
using OpenClaw.Functions.Worker.Protocol;
using OpenClaw.Tests.Support;
using Xunit;
using static OpenClaw.Tests.Support.TestWorkerHost;

namespace OpenClaw.Tests.Worker;

public sealed class InvocationTests(TestWorkerHost worker) : IClassFixture<TestWorkerHost>
{
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
    public async Task A_request_that_fails_before_its_function_is_answered_once_with_the_exception()
    {
        using var answer = await _host.Client.GetAsync("ambiguous");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var result = await OnlyResultAsync(_host, await _host.Invocations.FindAsync("OneOfTwo"));
        Assert.Equal(StatusResult.Types.Status.Failure, result.Status);
        Assert.Contains("AmbiguousMatchException", result.Exception.Type, StringComparison.Ordinal);
        Assert.True(result.Exception.IsUserException);
    }

    [Fact]
    public async Task An_invocation_named_after_its_request_was_served_is_answered_then()
    {
        var id = Guid.NewGuid().ToString();
        using (var answer = await SendToWorkerAsync("inspect/x", id))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode); // the endpoint did not wait for the host's message
        }

        Assert.DoesNotContain(_host.Worker.Channel.Messages, m => m.InvocationResponse?.InvocationId == id);
        await NameInvocationAsync(id);
        var response = await _host.Worker.Channel.ReceiveAsync(m => m.InvocationResponse?.InvocationId == id);
        Assert.Equal(StatusResult.Types.Status.Success, response.InvocationResponse.Result.Status);
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
    public async Task An_invocation_without_a_request_and_a_request_without_an_invocation_are_given_up()
    {
        await using var host = await StartAsync(new() { ["TEST_PAIRING_SECONDS"] = "0.5" });
        var invocation = await host.InvokeWithoutRequestAsync("Echo");
        using var client = new HttpClient { BaseAddress = host.Worker.Address };
        client.DefaultRequestHeaders.Add("x-ms-invocation-id", Guid.NewGuid().ToString());

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync("hang/unnamed")); // aborted, not left hanging
        Assert.Equal(StatusResult.Types.Status.Cancelled, (await OnlyResultAsync(host, invocation)).Status);
        await AwaitSignalAsync(host, "unnamed-aborted");
    }

    [Fact]
    public async Task A_client_that_brings_an_invocation_id_of_its_own_is_served_and_leaves_nothing_open()
    {
        await using var host = await StartAsync(new() { ["TEST_PAIRING_SECONDS"] = "0.5" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "inspect/x");
        request.Headers.Add("x-ms-invocation-id", Guid.NewGuid().ToString());
        using var answer = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var invocation = await host.Invocations.FindAsync("Inspect");
        Assert.Equal(StatusResult.Types.Status.Cancelled, (await OnlyResultAsync(host, invocation)).Status);
    }

    [Fact]
    public async Task Log_lines_wait_until_the_host_knows_their_invocation()
    {
        var id = Guid.NewGuid().ToString();
        using (await SendToWorkerAsync("log", id))
        {
            await _host.Worker.Channel.AskAsync(new StreamingMessage { WorkerStatusRequest = new WorkerStatusRequest() });
            Assert.DoesNotContain(_host.Worker.Channel.Messages, m => m.RpcLog?.InvocationId == id);
        }

        await NameInvocationAsync(id);
        await _host.Worker.Channel.ReceiveAsync(m => m.InvocationResponse?.InvocationId == id);
        Assert.Equal(
            ["line 0", "line 1", "line 2"],
            _host.Worker.Channel.Messages.Where(m => m.RpcLog?.InvocationId == id).Select(m => m.RpcLog.Message));
    }

    [Fact]
    public async Task An_invocation_cancelled_before_its_request_came_is_answered_at_once()
    {
        var invocation = await _host.InvokeWithoutRequestAsync("Echo");

        await _host.CancelAsync(invocation);

        Assert.Equal(StatusResult.Types.Status.Cancelled, (await OnlyResultAsync(_host, invocation)).Status);
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

    private Task NameInvocationAsync(string id) => _host.Worker.Channel.SendAsync(new StreamingMessage
    {
        InvocationRequest = new InvocationRequest { InvocationId = id, FunctionId = "Inspect" },
    });
}
