using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using OpenClaw.Outbound;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>What comes back: its description, and the bounds on its size and pace.</summary>
public class BodyTests
{
    private const string Url = "https://one.example.com/dir/file.txt";
    private const int Cap = 5_242_880;

    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("Text/HTML; Charset=\"utf-8\"", null, "/a/b.html?x=y", "text/html", "utf-8", "b.html")]
    [InlineData(null, null, "/", null, null, null)]
    [InlineData("not a type", null, "/a%20b.txt", null, null, "a b.txt")]
    [InlineData("image/png", "attachment; filename=\"photo.png\"", "/x", "image/png", null, "photo.png")]
    [InlineData("image/png", "attachment; filename=\"../../etc/passwd\"", "/x", "image/png", null, "passwd")]
    [InlineData("image/png", "attachment; filename=\"..\\\\..\\\\boot.ini\"", "/x", "image/png", null, "boot.ini")]
    [InlineData("image/png", "attachment; filename=\"..\"", "/x", "image/png", null, null)]
    [InlineData("image/png", "attachment; filename*=UTF-8''b%C3%BCcher.pdf; filename=x.pdf", "/x", "image/png", null, "bücher.pdf")]
    [InlineData("multipart/mixed; boundary=x", null, "/a%2f..%2fb", "multipart/mixed", null, "b")]
    public async Task Type_charset_and_file_name_are_returned(
        string? type, string? disposition, string path, string? mediaType, string? charset, string? name)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", context =>
        {
            context.Response.Headers.ContentType = type;
            context.Response.Headers.ContentDisposition = disposition;
            return context.Response.Body.WriteAsync("hello"u8.ToArray()).AsTask();
        });

        var content = await fetching.GetAsync("https://one.example.com" + path, new FetchPolicy { Accept = "image/png, text/*" });

        Assert.Equal(("hello", mediaType, charset, name), (
            Encoding.UTF8.GetString(content.Bytes), content.MediaType, content.Charset, content.FileName));
        var headers = fetching.Internet.Requests[0].Headers;
        Assert.Equal(("identity", "image/png, text/*"), (headers["Accept-Encoding"], headers["Accept"]));
        Assert.DoesNotContain("traceparent", headers.Keys);
    }

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData(201, true)]
    [InlineData(206, false)]
    [InlineData(304, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public async Task Only_a_whole_success_is_content(int status, bool isFetched)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        if (isFetched)
        {
            await fetching.GetAsync(Url);
        }
        else
        {
            Assert.Equal(FetchFailure.Failed, await fetching.FailAsync(Url));
        }
    }

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData(Cap, true)]
    [InlineData(Cap + 1, false)]
    [InlineData(6_000_000, false)]
    public async Task A_body_may_be_as_large_as_the_limit(int length, bool isFetched)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", async context =>
        {
            context.Response.ContentLength = context.Request.Query.ContainsKey("told") ? length : null;
            await context.Response.Body.WriteAsync(new byte[length]);
        });

        foreach (var url in new[] { Url, Url + "?told" })
        {
            if (isFetched)
            {
                Assert.Equal(length, (await fetching.GetAsync(url)).Bytes.Length);
            }
            else
            {
                Assert.Equal(FetchFailure.TooLarge, await fetching.FailAsync(url));
            }
        }
    }

    [Fact]
    [Trait("Feature", "F60")]
    public async Task An_endless_body_ends_at_the_limit_with_its_connection()
    {
        var sent = 0L;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.ServeRaw("one.example.com", async (output, ended) =>
        {
            await WriteAsync(output, "HTTP/1.1 200 OK\r\n\r\n");
            try
            {
                while (!(await output.WriteAsync(new byte[16_384], ended)).IsCompleted)
                {
                    sent += 16_384;
                }
            }
            finally
            {
                closed.SetResult();
            }
        });

        Assert.Equal(FetchFailure.TooLarge, await fetching.FailAsync(Url));

        await closed.Task;
        Assert.InRange(sent, Cap, Cap + 16_000_000); // and what the sockets hold
    }

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more that nobody asked for", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello w", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", null)]
    [InlineData("hello from the time before headers", null)]
    [InlineData("<html>0.9</html>\r\n", null)]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n", null)]
    [InlineData("HTTP/1.1 OK\r\n\r\n", null)]
    [InlineData("", null)]
    public async Task Broken_HTTP_is_a_failure(string answer, string? body)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.ServeRaw("one.example.com", (output, _) => WriteAsync(output, answer));

        if (body is null)
        {
            Assert.Equal(FetchFailure.Failed, await fetching.FailAsync(Url));
        }
        else
        {
            Assert.Equal(body, Encoding.ASCII.GetString((await fetching.GetAsync(Url)).Bytes));
        }
    }

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData("X-{0}: y\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task Headers_without_end_are_given_up(string line)
    {
        var clock = new WatchedTimeProvider();
        await using var fetching = await Fetching.StartAsync(time: clock);
        var sent = new TaskCompletionSource();
        fetching.Internet.ServeRaw("one.example.com", async (output, ended) =>
        {
            if (line.StartsWith('X'))
            {
                await WriteAsync(output, "HTTP/1.1 200 OK\r\n");
            }

            var lines = string.Concat(Enumerable.Range(0, 1_000).Select(i => string.Format(CultureInfo.InvariantCulture, line, i)));
            for (var i = 0; i < 100 && !ended.IsCancellationRequested; i++)
            {
                await WriteAsync(output, lines);
            }

            sent.TrySetResult();
            await Task.Delay(Timeout.Infinite, ended);
        });

        var fetch = fetching.FailAsync(Url);
        if (await Task.WhenAny(fetch, sent.Task) == sent.Task)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(FetchFailure.Failed, await fetch);
    }

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData(false, "its answer took too long to begin")]
    [InlineData(true, "its body comes too slowly")]
    public async Task Silence_is_given_up_after_five_seconds(bool withHeaders, string reason)
    {
        var clock = new WatchedTimeProvider();
        await using var fetching = await Fetching.StartAsync(time: clock);
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fetching.Internet.ServeRaw("one.example.com", async (output, ended) =>
        {
            if (withHeaders)
            {
                await WriteAsync(output, "HTTP/1.1 200 OK\r\n\r\n1");
            }

            silent.SetResult();
            await Task.Delay(Timeout.Infinite, ended);
        });

        var fetch = fetching.FailAsync(
            Url, new FetchPolicy { Timeout = Long, HeaderTimeout = withHeaders ? Long : TimeSpan.FromSeconds(5) });
        await silent.Task;
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(FetchFailure.Failed, await fetch);
        Assert.Contains(reason, fetching.Log);
    }

    [Fact]
    [Trait("Feature", "F60")]
    public async Task One_time_limit_holds_for_all_hops_and_the_body()
    {
        var clock = new WatchedTimeProvider();
        await using var fetching = await Fetching.StartAsync(time: clock);
        var atBody = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fetching.Internet
            .Serve("one.example.com", context =>
            {
                clock.Advance(TimeSpan.FromSeconds(3));
                context.Response.Redirect("https://two.example.com/");
                return Task.CompletedTask;
            })
            .Serve("two.example.com", async context =>
            {
                clock.Advance(TimeSpan.FromSeconds(3));
                await context.Response.Body.WriteAsync(new byte[100]);
                await context.Response.Body.FlushAsync();
                atBody.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });

        var fetch = fetching.FailAsync(Url);
        await atBody.Task;
        clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(FetchFailure.Failed, await fetch);
        Assert.Contains("it took too long", fetching.Log);
    }


    private static async Task WriteAsync(PipeWriter output, string text) => await output.WriteAsync(Encoding.ASCII.GetBytes(text));
}
