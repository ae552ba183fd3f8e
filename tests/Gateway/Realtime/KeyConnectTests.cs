using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>Clients without a device: named keys and wrong tokens.</summary>
public class KeyConnectTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Too_many_wrong_tokens_are_answered_with_the_time_to_wait()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c => c.Gateway.Auth.RateLimit.MaxAttempts = 2);
        JsonElement error = default;
        for (var i = 0; i < 3; i++)
        {
            await using var client = await ControlClient.OpenAsync(gateway);
            error = await client.FailAsync("connect", ControlClient.ConnectParams(token: "wrong"));
        }

        Assert.Equal("AUTH_RATE_LIMITED", Code(error));
        Assert.True(error.GetProperty("retryAfterMs").GetInt64() > 0);
        await using var right = await ControlClient.ConnectAsync(gateway);
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task A_named_key_connects_with_its_own_scopes_and_sees_its_own_sessions()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var (_, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var client = await ControlClient.OpenAsync(gateway);
        await client.RequestAsync("connect", ControlClient.ConnectParams(token: key, scopes: ["operator.write"]));
        await using var owner = await ControlClient.ConnectAsync(gateway);
        await owner.RequestAsync("sessions.create", """{"key":"secret-one"}""");
        await client.RequestAsync("sessions.create", """{"key":"mine"}""");

        var own = (await client.RequestAsync("sessions.list")).GetProperty("sessions");
        Assert.Equal(["agent:main:mine"], own.EnumerateArray().Select(s => s.GetProperty("key").GetString()));
        var all = (await owner.RequestAsync("sessions.list")).GetProperty("sessions").EnumerateArray()
            .Select(s => s.GetProperty("key").GetString()!).ToList();
        var foreign = all.Single(k => k.EndsWith(":mine", StringComparison.Ordinal));
        Assert.StartsWith("agent:main:@key", foreign, StringComparison.Ordinal);
        Assert.Equal(foreign, (await owner.RequestAsync("sessions.describe", $$"""{"key":"{{foreign}}"}"""))
            .GetProperty("session").GetProperty("key").GetString());
        await using var greedy = await ControlClient.OpenAsync(gateway);
        Assert.Equal("AUTH_SCOPE_MISMATCH", Code(await greedy.FailAsync(
            "connect", ControlClient.ConnectParams(token: key, scopes: ["operator.admin"]))));
    }

    private static string? Code(JsonElement error) => error.GetProperty("details").GetProperty("code").GetString();
}
