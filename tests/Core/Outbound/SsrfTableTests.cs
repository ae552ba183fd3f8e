using System.Net;
using OpenClaw.Outbound;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>The table of URLs that must not lead to a connection. Also run in a process with the other globalization mode: see
/// <see cref="GlobalizationTests"/>.</summary>
public class SsrfTableTests
{
    [Theory]
    [Trait("Feature", "F60")]
    [Trait("Feature", "T26")]
    [MemberData(nameof(SsrfCases.Urls), MemberType = typeof(SsrfCases))]
    public async Task A_URL_of_the_table_is_refused_without_a_connection(string url)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Play(SsrfCases.Of(url));

        var failure = await fetching.FailAsync(url);

        Assert.Contains(failure, new[] { FetchFailure.InvalidUrl, FetchFailure.Failed });
        Assert.Empty(fetching.Internet.Dials);
    }

    [Theory]
    [Trait("Feature", "F60")]
    [MemberData(nameof(SsrfCases.UrlsOnAnyPort), MemberType = typeof(SsrfCases))]
    public async Task An_allow_list_lets_no_URL_of_the_table_through(string url)
    {
        await using var fetching = await Fetching.StartAsync(config =>
        {
            config.Gateway.Http.Outbound.AllowHttp = true;
            config.Gateway.Http.Outbound.Ports = [443, 80, 8080];
        });
        fetching.Internet.Play(SsrfCases.Of(url));
        var host = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Host.ToLowerInvariant() : "public.example.com";

        await fetching.FailAsync(
            url, new FetchPolicy { HostAllowlist = [host, host.TrimEnd('.'), "*.example.com", "*.com", "*.internal", "*.azure.com"] });

        Assert.Empty(fetching.Internet.Dials);
    }

    [Theory]
    [Trait("Feature", "F60")]
    [MemberData(nameof(SsrfCases.Locations), MemberType = typeof(SsrfCases))]
    public async Task A_redirect_of_the_table_is_not_followed(string location)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Resolve("public.example.com", "93.184.215.14").Resolve("private.example.com", "10.0.0.1")
            .Resolve("mixed.example.com", "93.184.215.14 10.0.0.1")
            .Serve("start.example.com", context =>
            {
                context.Response.StatusCode = 302;
                context.Response.Headers.Location = location.Replace("\u3002", "%E3%80%82"); // as a server would have to send it
                return Task.CompletedTask;
            });
        var start = await fetching.Internet.AddressOfAsync("start.example.com");

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://start.example.com/x"));

        Assert.All(fetching.Internet.Dials, dial => Assert.Equal(new IPEndPoint(start, 443), dial));
        Assert.NotEmpty(fetching.Internet.Dials);
    }

    [Fact]
    public async Task A_public_host_of_the_same_form_is_fetched()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("public.example.com", context => context.Response.Body.WriteAsync("hello"u8.ToArray()).AsTask());

        foreach (var url in new[]
        {
            "https://public.example.com/x", "HTTPS://PUBLIC.example.com./x", "https://public.example.com:443/x",
                "https://public.example.com:0443/x#fragment",
            "https://public.example.com", "https://public.example.com?q=1",
        })
        {
            Assert.Equal("hello"u8.ToArray(), (await fetching.GetAsync(url)).Bytes);
        }
    }

    /// <summary>What this process was started with; the other process gets what to expect.</summary>
    [Fact]
    public void The_globalization_mode_is_the_one_meant()
    {
        AppContext.TryGetSwitch("System.Globalization.Invariant", out var isInvariant);
        Assert.Equal(Environment.GetEnvironmentVariable(GlobalizationTests.Expected) != "icu", isInvariant);
        Assert.Equal(isInvariant, new Uri("https://①②⑦.⓪.⓪.①/").IdnHost != "127.0.0.1"); // the two do read names differently
    }
}
