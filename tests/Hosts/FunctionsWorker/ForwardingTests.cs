using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Protocol;
using Xunit;
using static OpenClaw.Tests.Support.TestWorkerHost;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

public sealed class ForwardingTests(TestWorkerHost worker) : IClassFixture<TestWorkerHost>
{
    private readonly FunctionsHost _host = worker.Host;

    [Fact]
    public async Task Events_reach_the_client_one_by_one_as_they_are_written()
    {
        using var answer = await _host.Client.GetAsync("sse/one-by-one", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());

        for (var n = 0; n < 3; n++)
        {
            await SendSignalAsync(_host, $"one-by-one-{n}"); // the event before has been read, this one is not written yet
            Assert.Equal($"data: {n}", await lines.ReadLineAsync().WaitAsync(FunctionsHost.Patience));
            Assert.Equal("", await lines.ReadLineAsync().WaitAsync(FunctionsHost.Patience));
        }

        Assert.Null(await lines.ReadLineAsync().WaitAsync(FunctionsHost.Patience));
    }

    [Theory]
    [Trait("Feature", "R15")]
    [InlineData("before-first-byte", "")]
    [InlineData("mid-stream", "?stream")]
    public async Task A_client_that_leaves_stops_the_endpoint(string key, string query)
    {
        using (var leaving = new CancellationTokenSource())
        {
            var request = _host.Client.GetAsync($"hang/{key}{query}", HttpCompletionOption.ResponseHeadersRead, leaving.Token);
            await AwaitSignalAsync(_host, $"{key}-started");
            if (query.Length > 0)
            {
                (await request).Dispose(); // closes the connection
            }
            else
            {
                await leaving.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
            }
        }

        await AwaitSignalAsync(_host, $"{key}-aborted");
    }

    [Fact]
    [Trait("Feature", "R15")]
    public async Task The_invocation_of_a_client_that_left_is_answered_once_and_not_as_a_failure()
    {
        await using var host = await StartAsync();
        using var leaving = new CancellationTokenSource();
        var request = host.Client.GetAsync("hang/left", leaving.Token);
        await AwaitSignalAsync(host, "left-started");
        await leaving.CancelAsync();

        var result = await OnlyResultAsync(host, await host.Invocations.FindAsync("Hang"));

        Assert.Equal(StatusResult.Types.Status.Success, result.Status); // to the host a failure is worth seventy lines of log
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task A_cancelled_invocation_stops_the_endpoint_though_the_connection_stays()
    {
        await using var host = await StartAsync();
        var request = host.Client.GetAsync("hang/cancelled");
        await AwaitSignalAsync(host, "cancelled-started");
        var invocation = await host.Invocations.FindAsync("Hang");

        await host.CancelAsync(invocation);

        await AwaitSignalAsync(host, "cancelled-aborted");
        Assert.NotEqual(StatusResult.Types.Status.Failure, (await OnlyResultAsync(host, invocation)).Status);
        using var answer = await request;
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode); // the host's, for a connection that broke
    }

    [Fact]
    public async Task The_app_sees_the_request_as_the_client_sent_it_without_the_invocation_id()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "inspect/a%20b/c?x=1&y=%2F");
        request.Headers.Add("X-Own", "kept");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var answer = await _host.Client.SendAsync(request);

        var seen = (await answer.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal("PUT /inspect/a%20b/c?x=1&y=%2F", seen[0]);
        Assert.Contains("X-Own: kept", seen);
        Assert.DoesNotContain(seen, line => line.StartsWith("x-ms-invocation-id", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(seen, line => line.Contains("203.0.113.9", StringComparison.Ordinal)); // never trust it for limits
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_pass_unchanged(bool chunked)
    {
        var bytes = new byte[1_000_000];
        new Random(15).NextBytes(bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post, "echo") { Content = new ByteArrayContent(bytes) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await _host.Client.SendAsync(request);

        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Many_requests_at_once_are_all_answered()
    {
        var bodies = await Task.WhenAll(Enumerable.Range(0, 50).Select(async n =>
        {
            using var answer = await _host.Client.PostAsync("echo", new StringContent($"{n}"));
            return await answer.Content.ReadAsStringAsync();
        }));

        Assert.Equal(Enumerable.Range(0, 50).Select(n => $"{n}"), bodies);
    }

    [Theory]
    [InlineData("GET", "", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "no/such/path", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "echo", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task A_path_without_a_function_gets_a_JSON_404(string method, string path, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _host.Client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(code, body.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Log_lines_arrive_in_order_under_their_invocation_before_its_answer()
    {
        await using var host = await StartAsync();
        using var answer = await host.Client.GetAsync("log");
        var invocation = await host.Invocations.FindAsync("LogLines");
        await invocation.Result.WaitAsync(FunctionsHost.Patience);

        var own = host.Worker.Channel.Messages
            .Where(m => m.RpcLog?.InvocationId == invocation.Id || m.InvocationResponse?.InvocationId == invocation.Id).ToList();
        Assert.Equal(["line 0", "line 1", "line 2"], own.SkipLast(1).Select(m => m.RpcLog?.Message));
        Assert.NotNull(own[^1].InvocationResponse);
        Assert.All(own.SkipLast(1), m => Assert.Equal(RpcLog.Types.Category.User, m.RpcLog.LogCategory));
        Assert.All(own.SkipLast(1), m => Assert.Equal(RpcLog.Types.Level.Information, m.RpcLog.Level));
    }

    [Fact]
    public async Task An_unexpected_failure_is_logged_with_its_exception_and_nothing_goes_to_the_console()
    {
        await using var host = await StartAsync();
        using var answer = await host.Client.GetAsync("throw");

        var line = Assert.Single(host.Logs, l => l.Exception?.Message.Contains("secret detail", StringComparison.Ordinal) == true);
        Assert.Equal(RpcLog.Types.Level.Error, line.Level);
        Assert.Empty(host.Worker.Process.Output);
    }
}
