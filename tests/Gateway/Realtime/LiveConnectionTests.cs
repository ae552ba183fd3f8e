using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>A connection lasts longer than the rights that opened it.</summary>
[Trait("Feature", "T37")]
public class LiveConnectionTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task A_connection_of_a_revoked_key_is_closed_on_every_instance()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var (id, key) = await one.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var client = await ConnectAsync(two, key);
        await client.RequestAsync("sessions.list");

        using var revoked = await one.Client.DeleteAsync($"/api/keys/{id}");
        Assert.True(revoked.IsSuccessStatusCode);

        var closed = await two.WhileTimeGoesOnAsync(client.ClosedAsync(), _clock, TimeSpan.FromSeconds(1));
        Assert.Equal((1008, "unauthorized"), closed);
    }

    [Fact]
    public async Task Each_request_of_a_connection_counts_for_the_keys_rate_limit()
    {
        await using var gateway = await StartAsync();
        var (_, key) = await gateway.CreateKeyAsync("""{"name":"slow","scopes":["operator.write"],"requestsPerMinute":3}""");
        await using var client = await ConnectAsync(gateway, key);

        var refused = 0;
        for (var i = 0; i < 6; i++)
        {
            var answer = await client.AnswerAsync(await client.BeginAsync("sessions.list"));
            refused += answer.GetProperty("ok").GetBoolean() ? 0 : 1;
        }

        Assert.Equal(3, refused);
    }

    [Fact]
    public async Task A_key_that_has_lost_a_scope_gets_no_answers_and_no_events_of_it_on_its_open_connection()
    {
        await using var gateway = await StartAsync();
        var (id, key) = await gateway.CreateKeyAsync("""{"name":"k","scopes":["operator.read","operator.pairing"]}""");
        await using var client = await ControlClient.OpenAsync(gateway);
        await client.RequestAsync("connect", ControlClient.ConnectParams(token: key, scopes: ["operator.read", "operator.pairing"]));
        await AskForApprovalAsync(gateway);
        await client.EventAsync("device.pair.requested");
        await client.RequestAsync("device.pair.list");

        using var change = new HttpRequestMessage(HttpMethod.Patch, $"/api/keys/{id}")
        {
            Content = new StringContent("""{"scopes":["operator.read"]}""", Encoding.UTF8, "application/json"),
        };
        using var narrowed = await gateway.Client.SendAsync(change);
        Assert.True(narrowed.IsSuccessStatusCode);
        Assert.Equal("FORBIDDEN", (await client.FailAsync("device.pair.list")).GetProperty("code").GetString());
        await gateway.WhileTimeGoesOnAsync(IsCheckedAsync(client), _clock, TimeSpan.FromSeconds(2));
        await AskForApprovalAsync(gateway);
        await client.RequestAsync("sessions.list");

        Assert.Single(client.Frames, f => f.Contains("\"event\":\"device.pair.requested\"", StringComparison.Ordinal));
    }

    /// <summary>Rights of connections are checked every two seconds, ticks come every thirty.</summary>
    private static async Task<bool> IsCheckedAsync(ControlClient client) => (await client.EventAsync("tick")).TryGetProperty("ts", out _);

    private async Task AskForApprovalAsync(GatewayHost gateway)
    {
        using var device = new TestDevice();
        await using var client = await ControlClient.OpenAsync(gateway);
        var error = await client.FailAsync("connect", ControlClient.ConnectParams(
            token: null, device: device.Prove(client.Nonce, _clock.GetUtcNow(), token: "")));
        Assert.Equal("NOT_PAIRED", error.GetProperty("code").GetString());
    }

    private static async Task<ControlClient> ConnectAsync(GatewayHost gateway, string key)
    {
        var client = await ControlClient.OpenAsync(gateway);
        await client.RequestAsync("connect", ControlClient.ConnectParams(token: key, scopes: ["operator.write"]));
        return client;
    }

    private Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        azurite.StorageAccount, c => c.Storage.Prefix = _prefix, services => services.AddSingleton<TimeProvider>(_clock));
}
