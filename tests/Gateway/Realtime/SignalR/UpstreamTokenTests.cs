using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.SignalR;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime.SignalR;

/// <summary>The token of the service's managed identity, from a stand-in issuer.</summary>
public sealed class UpstreamTokenTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "T32")]
    public async Task Clients_connect_when_the_service_shows_its_token()
    {
        await using var issuer = await StandInIssuer.StartAsync();
        await using var gateway = await StartAsync(issuer, issuer.CreateToken());
        await using var client = await HubClient.ConnectAsync(gateway.Host);

        Assert.True((await client.RequestAsync("health")).GetProperty("ok").GetBoolean());
    }

    [Theory]
    [Trait("Feature", "T32")]
    [InlineData("expired")]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("identity")]
    [InlineData("key")]
    [InlineData("unsigned")]
    [InlineData("")]
    public async Task Any_other_token_is_refused(string kind)
    {
        await using var issuer = await StandInIssuer.StartAsync();
        await using var gateway = await StartAsync(issuer, issuer.CreateToken());
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        var seen = gateway.Service.Upstream!.Sent.Last();
        var headers = new Dictionary<string, string>(seen.Headers)
        {
            ["Authorization"] = kind.Length == 0 ? "Basic x" : $"Bearer {issuer.CreateToken(kind)}",
        };
        using var good = await gateway.Service.Upstream.PostAsync(seen);
        using var refused = await gateway.Service.Upstream.PostAsync(seen with { Headers = headers });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (good.StatusCode, refused.StatusCode));
    }

    private async Task<SignalRGateway> StartAsync(StandInIssuer issuer, string token)
    {
        var gateway = await SignalRGateway.StartAsync(azurite, config =>
        {
            config.Gateway.Realtime.Upstream = new()
            {
                Audience = StandInIssuer.Audience,
                Authority = issuer.Url,
                Identity = StandInIssuer.Identity.ToUpperInvariant(),
            };
        });
        gateway.Service.Upstream = new StandInUpstream(new Uri(gateway.Host.Url + "/"), token: token);
        return gateway;
    }
}
