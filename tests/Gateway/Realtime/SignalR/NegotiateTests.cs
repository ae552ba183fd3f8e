using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using OpenClaw.Tests.Support.SignalR;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime.SignalR;

/// <summary>The first step of SignalR clients, and the self-host's own hub.</summary>
public sealed class NegotiateTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("/negotiate")]
    [InlineData("/api/v1/negotiate")]
    public async Task A_credential_is_needed_and_may_stand_in_the_url(string path)
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        using var bare = new HttpClient { BaseAddress = new Uri(gateway.Host.Url) };
        using var none = await bare.PostAsync(path, null);
        using var wrong = await bare.PostAsync(path + "?token=wrong", null);
        using var right = await bare.PostAsync($"{path}?token={GatewayHost.Token}", null);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (
            none.StatusCode, wrong.StatusCode, right.StatusCode));
        Assert.Equal($"{gateway.Service.Url}/client/?hub=openclaw", (await right.ReadJsonAsync()).GetProperty("url").GetString());
    }

    [Fact]
    public async Task The_token_names_role_subject_and_scopes()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        var (id, text) = await gateway.Host.CreateKeyAsync(ApiKeyGateway.Writer);
        using var answer = await gateway.Host.PostAsync("/negotiate", "", r => r.Use(text));
        var json = await answer.ReadJsonAsync();
        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(json.GetProperty("accessToken").GetString()!.Split('.')[1]));

        Assert.Equal(("operator", $"key:{id}"), (claims.GetProperty("role").GetString(), claims.GetProperty("subject").GetString()));
        Assert.Equal(["operator.read", "operator.write"], claims.GetProperty("scope").EnumerateArray().Select(s => s.GetString()));
        Assert.InRange(claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64(), 60, 3600);
        Assert.Equal(36, json.GetProperty("challenge").GetProperty("nonce").GetString()!.Length);
    }

    [Theory]
    [InlineData(null, "AzureSignalRConnectionString")]
    [InlineData("Endpoint=https://a.example;AccessKey=not-shown;Version=9", "Version")]
    public async Task Without_a_usable_service_the_worker_names_the_setting(string? setting, string named)
    {
        await using var gateway = await GatewayHost.StartAsync(
            StorageAccount.Parse(azurite.ConnectionString),
            services: services =>
            {
                services.AddSingleton(HostTraits.Worker);
                SignalRGateway.Use(services, setting ?? "");
            });
        using var answer = await gateway.PostAsync("/negotiate", "");
        var (code, _, message) = await answer.ReadErrorAsync();
        using var socket = await gateway.Client.GetAsync("/ws");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "realtime_not_configured"), (answer.StatusCode, code));
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-shown", message + gateway.Log, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UpgradeRequired, socket.StatusCode);
        Assert.Contains("/negotiate", (await socket.ReadErrorAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hub_of_the_self_host_takes_both_dialects_and_no_foreign_token()
    {
        await using var gateway = await GatewayHost.StartAsync(StorageAccount.Parse(azurite.ConnectionString));
        await using var client = await HubClient.ConnectAsync(gateway);
        Assert.True((await client.RequestAsync("health")).GetProperty("ok").GetBoolean());
        await using var simple = await HubClient.OpenAsync(gateway);
        await simple.InvokeAsync("simple", JsonElement.Parse("""{"type":"ping"}"""));
        Assert.Equal("pong", (await simple.FrameAsync(f => f.TryGetProperty("type", out _))).GetProperty("type").GetString());

        await using var another = await GatewayHost.StartAsync(StorageAccount.Parse(azurite.ConnectionString));
        using var negotiated = await another.PostAsync("/negotiate", "");
        var foreign = (await negotiated.ReadJsonAsync()).GetProperty("accessToken").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/client/negotiate?hub=openclaw");
        request.Headers.Authorization = new("Bearer", foreign);
        using var refused = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_device_proves_itself_with_the_nonce_of_the_negotiation_and_its_removal_ends_the_connection()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        using var device = new TestDevice();
        await using var client = await HubClient.OpenAsync(gateway.Host);
        var proof = device.Prove(client.Nonce, DateTimeOffset.UtcNow, token: "");
        var hello = await client.RequestAsync("connect", HubClient.Connect(extra: $",\"device\":{proof}"));
        var token = hello.GetProperty("auth").GetProperty("deviceToken").GetString()!;
        await using var again = await HubClient.ConnectAsync(gateway.Host, token);

        using var removed = await gateway.Host.Client.DeleteAsync($"/api/v1/devices/{device.Id}");
        Assert.True(removed.IsSuccessStatusCode);
        await Task.WhenAll(client.Closed, again.Closed);
        using var refused = await gateway.Host.PostAsync("/negotiate", "", r => r.Use(token));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }
}
