using System.Net;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.ApiKeyGateway;

namespace OpenClaw.Tests.Core.Security;

/// <summary>Named keys while storage does not answer.</summary>
public class ApiKeyOutageTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    [Trait("Feature", "T7")]
    public async Task A_known_key_holds_for_a_minute_and_an_unknown_one_is_503()
    {
        using var network = new Network();
        using var account = StorageAccount.Parse(azurite.ConnectionString, network, new StorageRetryOptions { MaxTries = 1 });
        await using var gateway = await StartAsync(account, AzuriteFixture.UniqueName()[..13], _clock);
        var (_, known) = await gateway.CreateKeyAsync(Writer);
        var (id, other) = await gateway.CreateKeyAsync(Writer);
        network.IsDown = true;
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((HttpStatusCode.OK, null), await gateway.ChatAsync(known));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage_unavailable"), await gateway.ChatAsync(known));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(GatewayHost.Token));
        using (var revoke = await gateway.Client.DeleteAsync($"/api/keys/{id}"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, revoke.StatusCode);
        }

        network.IsDown = false;
        Assert.Equal((HttpStatusCode.OK, null), await gateway.ChatAsync(known));
        Assert.Equal((HttpStatusCode.OK, null), await gateway.ChatAsync(other));
    }

    private sealed class Network() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        public bool IsDown { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            IsDown ? throw new HttpRequestException("unplugged", new IOException()) : base.SendAsync(request, cancellationToken);
    }
}
