using OpenClaw.Outbound;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>Names that are refused, and lists of those allowed.</summary>
public class HostRulesTests
{
    private const string Storage = "DefaultEndpointsProtocol=https;AccountName=ocdata;AccountKey=AAAA";

    private static readonly Dictionary<string, string> Platform = new()
    {
        ["WEBSITE_HOSTNAME"] = "claw.azurewebsites.net",
        ["IDENTITY_ENDPOINT"] = "https://identity.example.net:42356/msi/token",
        ["MSI_ENDPOINT"] = "https://former-identity.example.net/msi/token",
        ["AzureSignalRConnectionString"] = "Endpoint=https://claw.service.signalr.net;AccessKey=x;Version=1.0;",
        ["AzureWebJobsStorage"] = "DefaultEndpointsProtocol=https;AccountName=ochost;AccountKey=AAAA;EndpointSuffix=core.windows.net",
    };

    [Theory]
    [Trait("Feature", "F60")]
    [InlineData("gateway.example.com")]
    [InlineData("GATEWAY.example.com.")]
    [InlineData("claw.azurewebsites.net")]
    [InlineData("claw.scm.azurewebsites.net")]
    [InlineData("identity.example.net")]
    [InlineData("former-identity.example.net")]
    [InlineData("claw.service.signalr.net")]
    [InlineData("ocdata.blob.core.windows.net")]
    [InlineData("ocdata.table.core.windows.net")]
    [InlineData("ocdata.file.core.windows.net")]
    [InlineData("ocdata-secondary.blob.core.windows.net")]
    [InlineData("ocdata.privatelink.blob.core.windows.net")]
    [InlineData("ocdata.z13.web.core.windows.net")]
    [InlineData("ochost.queue.core.windows.net")]
    [InlineData("ochost.z01.blob.storage.azure.net")]
    public async Task The_gateways_own_hosts_are_refused_by_name(string host)
    {
        await using var fetching = await Fetching.StartAsync(
            config => config.Gateway.PublicUrl = "https://gateway.example.com/base", null, Platform, Storage);
        fetching.Internet.Serve(host.TrimEnd('.'), _ => Task.CompletedTask);

        Assert.Equal(FetchFailure.InvalidUrl, await fetching.FailAsync($"https://{host}/x"));
        Assert.Equal(FetchFailure.InvalidUrl, await fetching.FailAsync($"https://{host}/x", new FetchPolicy { HostAllowlist = [host] }));
        Assert.Empty(fetching.Internet.Lookups);
    }

    [Theory]
    [InlineData("another.azurewebsites.net")]
    [InlineData("ocdata2.blob.core.windows.net")]
    [InlineData("ocdata.example.com")]
    [InlineData("www.gateway.example.com")]
    [InlineData("notlocalhost.com")]
    public async Task Hosts_of_others_with_such_names_are_fetched(string host)
    {
        await using var fetching = await Fetching.StartAsync(
            config => config.Gateway.PublicUrl = "https://gateway.example.com/base", null, Platform, Storage);
        fetching.Internet.Serve(host, _ => Task.CompletedTask);

        await fetching.GetAsync($"https://{host}/x");
    }

    [Theory]
    [Trait("Feature", "F62")]
    [InlineData("cdn.example.com", "cdn.example.com", true)]
    [InlineData("cdn.example.com", "CDN.Example.com.", true)]
    [InlineData("CDN.example.com.", "cdn.example.com", true)]
    [InlineData("cdn.example.com", "example.com", false)]
    [InlineData("example.com", "*.example.com", false)]
    [InlineData("a.example.com", "*.example.com", true)]
    [InlineData("a.b.example.com", "*.example.com", true)]
    [InlineData("badexample.com", "*.example.com", false)]
    [InlineData("example.com.evil.net", "*.example.com", false)]
    [InlineData("a.example.com.evil.net", "a.example.com", false)]
    public async Task A_list_allows_hosts_exactly_or_below_a_domain(string host, string pattern, bool isAllowed)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve(host.TrimEnd('.'), _ => Task.CompletedTask);
        var policy = new FetchPolicy { HostAllowlist = ["other.example.org", pattern] };

        if (isAllowed)
        {
            await fetching.GetAsync($"https://{host}/x", policy);
        }
        else
        {
            Assert.Equal(FetchFailure.InvalidUrl, await fetching.FailAsync($"https://{host}/x", policy));
            Assert.Empty(fetching.Internet.Lookups);
        }
    }

    [Fact]
    [Trait("Feature", "F62")]
    public async Task A_host_on_the_list_at_a_private_address_stays_out_of_reach()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Resolve("cdn.example.com", "10.0.0.1");

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync(
            "https://cdn.example.com/x", new FetchPolicy { HostAllowlist = ["cdn.example.com"] }));
        Assert.Empty(fetching.Internet.Dials);
    }

    [Fact]
    [Trait("Feature", "F62")]
    public async Task The_list_holds_for_redirects_too()
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("evil.example.org", _ => Task.CompletedTask).Serve("cdn.example.com", context =>
        {
            context.Response.Redirect("https://evil.example.org/x");
            return Task.CompletedTask;
        });

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync(
            "https://cdn.example.com/x", new FetchPolicy { HostAllowlist = ["*.example.com"] }));
        Assert.Equal(["cdn.example.com"], fetching.Internet.Lookups);
    }
}
