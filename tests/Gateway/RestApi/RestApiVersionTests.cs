using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

public class RestApiVersionTests
{
    [Theory]
    [InlineData("/api/status")]
    [InlineData("/api/v1/status")]
    [InlineData("/API/V1/status")]
    [Trait("Feature", "F84")]
    [Trait("Feature", "D19")]
    public async Task Both_spellings_reach_the_same_handler(string path)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var data = await gateway.GetDataAsync(path);
        Assert.Equal("degraded", data.GetProperty("status").GetString());
    }

    [Fact]
    [Trait("Feature", "F84")]
    [Trait("Feature", "D19")]
    public async Task Both_spellings_reach_the_same_handler_under_the_functions_host_too()
    {
        await using var host = await FunctionsHost.StartAsync(
            new Dictionary<string, string> { ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token });
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", GatewayHost.Token);
        foreach (var path in (string[])["api/status", "api/v1/status"])
        {
            using var answer = await host.Client.GetAsync(path);
            Assert.Equal("functions", (await answer.ReadDataAsync()).GetProperty("host").GetString());
        }
    }

    [Theory]
    [InlineData("/api/v2/status")]
    [InlineData("/api/v2")]
    [InlineData("/api/v10/chat")]
    [Trait("Feature", "F84")]
    [Trait("Feature", "D19")]
    public async Task A_version_that_is_not_there_is_404_and_says_which_are(string path)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.Client.GetAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, "UNSUPPORTED_API_VERSION"), await answer.ReadFailureAsync());
        Assert.Contains("/api/v1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "2026-03-01")]
    [InlineData("2026-03-01", "2026-03-01")]
    [InlineData("2030-01-01", "2030-01-01")]
    [InlineData("2024-12-24", "2024-12-24")]
    [Trait("Feature", "F85")]
    [Trait("Feature", "D19")]
    public async Task The_version_header_is_echoed_and_always_there(string? asked, string echoed)
    {
        await using var gateway = await StartAsync();
        using var answer = await GetAsync(gateway, asked);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(echoed, Assert.Single(answer.Headers.GetValues("X-API-Version")));
    }

    [Theory]
    [InlineData("2030-01-02")]
    [InlineData("tomorrow")]
    [InlineData("2026-3-1")]
    [InlineData("2026-02-30")]
    [Trait("Feature", "F85")]
    [Trait("Feature", "D19")]
    public async Task A_version_header_that_is_no_past_date_is_400(string asked)
    {
        await using var gateway = await StartAsync();
        using var answer = await GetAsync(gateway, asked);
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_API_VERSION"), await answer.ReadFailureAsync());
    }

    /// <summary>The clock stands at 2030-01-01.</summary>
    private static Task<GatewayHost> StartAsync()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return GatewayHost.StartAsync(services: s => s.AddSingleton<TimeProvider>(clock));
    }

    private static Task<HttpResponseMessage> GetAsync(GatewayHost gateway, string? version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/status");
        if (version is not null)
        {
            request.Headers.Add("X-API-Version", version);
        }

        return gateway.Client.SendAsync(request);
    }
}
