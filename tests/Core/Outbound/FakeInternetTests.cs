using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Outbound;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

public class FakeInternetTests
{
    [Fact]
    [Trait("Feature", "F60")]
    public async Task A_gateway_asks_nothing_of_the_network_until_it_fetches()
    {
        await using var internet = await FakeInternet.StartAsync();
        internet.Serve("files.example.com", context => context.Response.Body.WriteAsync("hello"u8.ToArray()).AsTask());
        await using var gateway = await GatewayHost.StartAsync(
            configure: config => config.Gateway.PublicUrl = "https://gateway.example.com", services: internet.Install);
        var fetcher = gateway.Services.GetRequiredService<GuardedFetcher>();
        Assert.Empty(internet.Lookups);

        fetcher.Check("https://files.example.com/x", new FetchPolicy());
        Assert.Throws<FetchException>(() => fetcher.Check("https://gateway.example.com/x", new FetchPolicy()));
        Assert.Empty(internet.Lookups);

        Assert.Equal("hello"u8.ToArray(), (await fetcher.GetAsync("https://files.example.com/x", new FetchPolicy(), default)).Bytes);
        Assert.Single(internet.Dials);
    }
}
