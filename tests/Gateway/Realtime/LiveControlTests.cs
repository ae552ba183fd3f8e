using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>A connection of the control plane has no more rights than its credential has at each moment.</summary>
public class LiveControlTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    [Trait("Feature", "T37")]
    public async Task Each_request_of_a_connection_counts_for_the_limit_of_its_key()
    {
        await using var gateway = await StartAsync();
        var (_, key) = await gateway.CreateKeyAsync("""{"name":"x","scopes":["operator.read"],"requestsPerMinute":2}""");
        await using var client = await ConnectAsync(gateway, key);
        await client.RequestAsync("health", null);
        await client.RequestAsync("health", null);

        var refused = await client.FailAsync("health", null);
        Assert.Contains("too many requests", refused.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_request_after_its_key_was_narrowed_is_refused()
    {
        await using var gateway = await StartAsync();
        var (id, key) = await gateway.CreateKeyAsync("""{"name":"x","scopes":["operator.read","operator.questions"]}""");
        await using var client = await ConnectAsync(gateway, key);
        await client.RequestAsync("sessions.list");
        await gateway.PatchAsync($"/api/keys/{id}", """{"scopes":["operator.questions"]}""");

        Assert.Contains("operator.read", (await client.FailAsync("sessions.list")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_connection_ends_when_its_key_is_revoked()
    {
        await using var gateway = await StartAsync();
        var (id, key) = await gateway.CreateKeyAsync("""{"name":"x","scopes":["operator.read"]}""");
        await using var client = await ConnectAsync(gateway, key);
        using var revoked = await gateway.Client.DeleteAsync($"/api/keys/{id}");
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);

        var (code, _) = await gateway.WhileTimeGoesOnAsync(client.ClosedAsync(), _clock, TimeSpan.FromSeconds(1));
        Assert.Equal(1008, code);
    }

    private static async Task<ControlClient> ConnectAsync(GatewayHost gateway, string key)
    {
        var client = await ControlClient.OpenAsync(gateway);
        await client.RequestAsync("connect", ControlClient.ConnectParams(token: key));
        return client;
    }

    private Task<GatewayHost> StartAsync() =>
        GatewayHost.StartAsync(azurite.StorageAccount, services: s => s.AddSingleton<TimeProvider>(_clock));
}
