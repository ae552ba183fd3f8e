using OpenClaw.Outbound;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

public class RedirectTests
{
    private static readonly Dictionary<string, string> Headers = new()
    {
        ["Authorization"] = "Bearer secret",
        ["X-Signature"] = "sha256=1",
        ["Cookie"] = "a=b",
        ["Content-Type"] = "application/json",
        ["Host"] = "internal.example.com",
        ["Transfer-Encoding"] = "chunked",
    };

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task So_many_redirects_are_followed_and_no_more(int redirects, bool isFetched)
    {
        await using var fetching = await Fetching.StartAsync();
        for (var i = 0; i < redirects; i++)
        {
            var next = $"https://h{i + 1}.example.com/{i + 1}";
            fetching.Internet.Serve($"h{i}.example.com", context =>
            {
                context.Response.Redirect(next);
                return Task.CompletedTask;
            });
        }

        fetching.Internet.Serve($"h{redirects}.example.com", context => context.Response.Body.WriteAsync("end"u8.ToArray()).AsTask());

        if (isFetched)
        {
            Assert.Equal("end"u8.ToArray(), (await fetching.GetAsync("https://h0.example.com/0")).Bytes);
        }
        else
        {
            Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://h0.example.com/0"));
            Assert.DoesNotContain("h4.example.com", fetching.Internet.Lookups);
        }
    }

    [Fact]
    public async Task A_loop_of_redirects_ends()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("loop.example.com", context =>
        {
            context.Response.Redirect("/again");
            return Task.CompletedTask;
        });

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://loop.example.com/"));
        Assert.Equal(4, fetching.Internet.Requests.Count);
    }

    [Theory]
    [InlineData("/b", "/b")]
    [InlineData("b?c=d", "/dir/b?c=d")]
    [InlineData("../b", "/b")]
    [InlineData("//one.example.com/b", "/b")]
    [InlineData("https://ONE.example.com./b#f", "/b")]
    [InlineData("b c", "/dir/b c")]
    public async Task A_relative_redirect_is_relative_to_where_it_was_sent(string location, string target)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", context =>
        {
            if (context.Request.Path == "/dir/a")
            {
                context.Response.StatusCode = 302;
                context.Response.Headers.Location = location;
            }

            return Task.CompletedTask;
        });

        await fetching.GetAsync("https://one.example.com/dir/a");

        Assert.Equal(target, fetching.Internet.Requests[1].Target);
    }

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Another_origin_gets_neither_headers_nor_body_of_the_request(int status)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet
            .Serve("hook.example.com", context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = context.Request.Path == "/start" ? "/same" : "https://other.example.com/x";
                return Task.CompletedTask;
            })
            .Serve("other.example.com", context =>
            {
                context.Response.StatusCode = 404;
                return context.Response.Body.WriteAsync("gone"u8.ToArray()).AsTask();
            });

        var answer = await fetching.Fetcher.SendAsync(
            HttpMethod.Post, "https://hook.example.com/start", Headers, "{}"u8.ToArray(), new FetchPolicy(),
                TestContext.Current.CancellationToken);

        Assert.Equal((404, "gone"), (answer.Status, System.Text.Encoding.UTF8.GetString(answer.Content.Bytes)));
        var (first, same, other) = (fetching.Internet.Requests[0], fetching.Internet.Requests[1], fetching.Internet.Requests[2]);
        Assert.Equal(("POST", "{}", "application/json"), (first.Method, first.Body, first.Headers["Content-Type"]));
        Assert.Equal(("hook.example.com", "Bearer secret", "2"), (
            first.Host, first.Headers["Authorization"], first.Headers["Content-Length"]));
        Assert.Equal(("GET", "", "Bearer secret", "sha256=1"), (
            same.Method, same.Body, same.Headers["Authorization"], same.Headers["X-Signature"]));
        Assert.Equal(("GET", "", "other.example.com"), (other.Method, other.Body, other.Host));
        Assert.Equal(["Accept-Encoding", "Host", "User-Agent"], other.Headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Headers_dropped_once_stay_dropped()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet
            .Serve("one.example.com", context =>
            {
                if (context.Request.Path == "/start")
                {
                    context.Response.Redirect("https://two.example.com/");
                }

                return Task.CompletedTask;
            })
            .Serve("two.example.com", context =>
            {
                context.Response.Redirect("https://one.example.com/back");
                return Task.CompletedTask;
            });

        await fetching.Fetcher.SendAsync(
            HttpMethod.Get, "https://one.example.com/start", Headers, default, new FetchPolicy(), TestContext.Current.CancellationToken);

        Assert.Equal("/back", fetching.Internet.Requests[2].Target);
        Assert.DoesNotContain("Authorization", fetching.Internet.Requests[2].Headers.Keys);
    }

    [Fact]
    public async Task Where_http_is_allowed_it_is_fetched_and_https_does_not_step_down_to_it()
    {
        await using var fetching = await Fetching.StartAsync(config => config.Gateway.Http.Outbound.AllowHttp = true);
        fetching.Internet.Serve("one.example.com", context =>
        {
            if (context.Request.Path == "/up" || context.Request.Path == "/down")
            {
                context.Response.Redirect(context.Request.IsHttps ? "http://one.example.com/x" : "https://one.example.com/x");
            }

            return Task.CompletedTask;
        });

        await fetching.GetAsync("http://one.example.com/up");
        Assert.Equal([80, 443], fetching.Internet.Dials.Select(dial => dial.Port));

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://one.example.com/down"));
        Assert.DoesNotContain(fetching.Internet.Dials.Skip(2), dial => dial.Port == 80);
    }

    [Fact]
    public async Task A_redirect_to_nowhere_or_to_two_places_is_a_failure()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = context.Request.Path == "/two" ? new(["/a", "/b"]) : default;
            return Task.CompletedTask;
        });

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://one.example.com/none"));
        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://one.example.com/two"));
        Assert.Equal(2, fetching.Internet.Requests.Count);
    }
}
