using OpenClaw.Configuration;
using OpenClaw.Outbound;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>Hosts that the operator allows whatever their address is: exactly those, in each hop, and no others.</summary>
[Trait("Feature", "T25")]
public class PrivateHostTests
{
    private static readonly FetchPolicy Policy = new() { PrivateHosts = ["10.0.0.7", "intranet", "hooks.corp.example.com"] };

    [Theory]
    [InlineData("http://10.0.0.7:8080/x?y=1", "http://10.0.0.7:8080/x?y=1")]
    [InlineData("https://10.0.0.7/", "https://10.0.0.7/")]
    [InlineData("http://INTRANET/x", "http://intranet/x")]
    [InlineData("http://hooks.corp.example.com:99", "http://hooks.corp.example.com:99/")]
    public void A_host_of_the_list_may_be_called_by_http_at_any_port(string url, string expected)
    {
        var parsed = OutboundUrl.Parse(url, new OutboundSection(), Policy.PrivateHosts);
        Assert.Equal((expected, true), (parsed.Uri.AbsoluteUri, parsed.IsAllowedPrivate));
        Assert.ThrowsAny<IOException>(() => OutboundUrl.Parse(url, new OutboundSection()));
    }

    [Theory]
    [InlineData("http://10.0.0.8/")]
    [InlineData("http://10.7/")]
    [InlineData("http://0x0a000007/")]
    [InlineData("http://167772167/")]
    [InlineData("http://010.0.0.7/")]
    [InlineData("http://10.0.0.7./")]
    [InlineData("http://[::ffff:10.0.0.7]/")]
    [InlineData("http://10.0.0.7@127.0.0.1/")]
    [InlineData("http://127.0.0.1#@10.0.0.7/")]
    [InlineData("http://intranet.evil.example/")]
    [InlineData("http://user:pass@intranet/")]
    [InlineData("http://intra%6eet/")]
    [InlineData("http://intranet\\@evil.example/")]
    [InlineData("ftp://intranet/")]
    [InlineData("file:///intranet")]
    public void Whatever_only_looks_like_it_is_refused(string url) =>
        Assert.ThrowsAny<IOException>(() => OutboundUrl.Parse(url, new OutboundSection(), Policy.PrivateHosts));

    [Fact]
    public async Task Only_a_fetch_that_may_dials_the_private_address_of_an_allowed_name()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Resolve("hooks.corp.example.com", "10.0.0.9");
        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://hooks.corp.example.com/x"));
        Assert.Empty(fetching.Internet.Dials);
        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://hooks.corp.example.com/x", Policy)); // nobody listens there
        Assert.Equal("10.0.0.9", Assert.Single(fetching.Internet.Dials).Address.ToString());
        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://hooks.corp.example.com/x"));
        Assert.Single(fetching.Internet.Dials);
    }

    [Theory]
    [InlineData("http://10.0.0.8/x")]
    [InlineData("https://other.corp.example.com/x")]
    [InlineData("https://localhost/x")]
    public async Task A_redirect_to_another_private_place_is_not_followed(string location)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Resolve("other.corp.example.com", "10.0.0.8").Serve("start.example.com", context =>
        {
            context.Response.Redirect(location);
            return Task.CompletedTask;
        });
        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://start.example.com/", Policy));
        Assert.DoesNotContain(fetching.Internet.Dials, dial => dial.Address.ToString().StartsWith("10.", StringComparison.Ordinal));
    }
}
