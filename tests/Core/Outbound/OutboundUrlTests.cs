using System.Net;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Configuration;
using OpenClaw.Outbound;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>Any text at all: it is refused, or it leads to a public address and reads the same the second time.</summary>
public class OutboundUrlTests
{
    [Theory]
    [InlineData("https://example.com", "https://example.com/")]
    [InlineData("HTTPS://EXAMPLE.Com.:443/a/../b?q=%41#f", "https://example.com/b?q=A")]
    [InlineData("https://xn--bcher-kva.example/b%C3%BCcher/ü", "https://xn--bcher-kva.example/b%C3%BCcher/%C3%BC")]
    [InlineData("https://a_b.example.com/?u=https://127.0.0.1/", "https://a_b.example.com/?u=https://127.0.0.1/")]
    public void A_URL_is_rebuilt_from_its_parts(string text, string expected) =>
        Assert.Equal(expected, OutboundUrl.Parse(text, new OutboundSection()).Uri.AbsoluteUri);

    [Theory]
    [InlineData("https://example.com:8443/", 8443)]
    [InlineData("http://example.com/", 80)]
    [InlineData("http://example.com:8443/", 8443)]
    public void Ports_and_http_are_allowed_by_configuration(string url, int port)
    {
        var rules = new OutboundSection { AllowHttp = true, Ports = [443, 8443] };
        Assert.Equal(port, OutboundUrl.Parse(url, rules).Uri.Port);
        Assert.ThrowsAny<IOException>(() => OutboundUrl.Parse(url, new OutboundSection()));
    }

    [Fact]
    public void A_half_of_a_character_in_the_host_is_refused() =>
        Assert.ThrowsAny<IOException>(() => OutboundUrl.Parse("https://\ud800.example.com/", new OutboundSection()));

    [Fact]
    public void A_URL_of_any_length_is_judged_at_once() =>
        Assert.ThrowsAny<IOException>(() => OutboundUrl.Parse("https://example.com/" + new string('x', 100_000), new OutboundSection()));

    [Fact]
    [Trait("Feature", "F60")]
    [Trait("Feature", "T26")]
    public async Task However_a_URL_is_mutated_no_private_address_is_dialled()
    {
        await using var fetching = await Fetching.StartAsync(config => config.Gateway.Http.Outbound.AllowHttp = true);
        var outbound = new OutboundSection { AllowHttp = true };
        foreach (var host in UrlMutations.Hosts)
        {
            fetching.Internet.Resolve(host.Name, host.Address);
        }

        var (refused, passed) = (0, 0);
        Prop.ForAll(ArbMap.Default.ArbFor<DoNotSize<int>>(), seed =>
        {
            var url = UrlMutations.Next(new Random(seed.Item));
            try
            {
                var once = OutboundUrl.Parse(url, outbound);
                var twice = OutboundUrl.Parse(once.Uri.AbsoluteUri, outbound);
                Assert.Equal(once.Uri.AbsoluteUri, twice.Uri.AbsoluteUri);
                fetching.Hosts.Check(once.Host, []);
                passed++;
            }
            catch (IOException)
            {
                refused++;
            }

            Assert.ThrowsAsync<FetchException>(() => fetching.GetAsync(url)).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithReplay(20261127, 1));

        Assert.All(fetching.Internet.Dials, dial => Assert.Equal(IPAddress.Parse(UrlMutations.Public), dial.Address));
        Assert.True(refused > 500 && passed > 500
            && fetching.Internet.Dials.Count > 50, $"{refused} refused, {passed} passed, {fetching.Internet.Dials.Count} dials");
    }
}
