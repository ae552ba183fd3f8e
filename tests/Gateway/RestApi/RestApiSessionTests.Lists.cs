using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

/// <summary>What lists of sessions show, and to whom.</summary>
public partial class RestApiSessionTests
{
    [Fact]
    [Trait("Feature", "F79")]
    public async Task Sessions_are_listed_newest_first_page_by_page()
    {
        var clock = new FakeTimeProvider();
        await using var gateway = await StartAsync(clock: clock);
        foreach (var id in (string[])["a", "b", "c"])
        {
            await SayAsync(gateway, "hi", id);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        await SayAsync(gateway, "again", "a");
        var first = await gateway.GetDataAsync("/api/sessions?limit=2");
        var second = await gateway.GetDataAsync($"/api/sessions?limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        Assert.Equal(["a", "c"], Ids(first));
        Assert.Equal(["b"], Ids(second));
        Assert.False(second.TryGetProperty("nextCursor", out _));
        Assert.False(first.TryGetProperty("total", out _));
        Assert.Equal(3, (await gateway.GetDataAsync("/api/sessions")).GetProperty("total").GetInt32());
        Assert.Equal(2, first.GetProperty("sessions")[0].GetProperty("turns").GetInt64());
    }

    [Fact]
    [Trait("Feature", "F79")]
    public async Task The_list_is_searched_by_key_title_and_agent()
    {
        await using var gateway = await StartAsync();
        await SayAsync(gateway, "hi", "alpha");
        await SayAsync(gateway, "hi", "beta");
        await gateway.PostDataAsync("/api/sessions/beta", """{"action":"patch","title":"Über Alpha","labels":["x"]}""");

        Assert.Equal(["alpha", "beta"], Ids(await gateway.GetDataAsync("/api/sessions?search=ALPHA")).Order());
        Assert.Equal(["beta"], Ids(await gateway.GetDataAsync("/api/sessions?search=%C3%9Cber")));
        Assert.Empty(Ids(await gateway.GetDataAsync("/api/sessions?agent=other")));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_VALUE"), await FailAsync(gateway, "/api/sessions?limit=201"));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_VALUE"), await FailAsync(gateway, "/api/sessions?cursor=x"));
    }

    [Fact]
    [Trait("Feature", "F79")]
    [Trait("Feature", "T24")]
    public async Task A_caller_sees_and_reaches_only_its_own_sessions_and_the_operator_all()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Gateway.Auth.Mode = "trusted-proxy";
            c.Gateway.Auth.Password = GatewayHost.Token;
            c.Gateway.Auth.TrustedProxy =
                new TrustedProxySection { UserHeader = "x-user", SecretHeader = "x-proxy", Secret = "proxy-secret", AllowLoopback = true };
            c.Gateway.TrustedProxies = ["127.0.0.1"];
        });
        await gateway.PostDataAsync("/api/chat", """{"message":"mine","sessionId":"s"}""", r => As(r, "ann"));
        await gateway.PostDataAsync("/api/chat", """{"message":"mine","sessionId":"s"}""", r => As(r, "bob"));
        var ann = await GetAsync(gateway, "/api/sessions", "ann");
        var all = await gateway.GetDataAsync("/api/sessions");
        var owner = all.GetProperty("sessions")[0].GetProperty("owner").GetString();

        var foreign = await GetAsync(gateway, $"/api/sessions/s?owner={Uri.EscapeDataString("user:bob")}", "ann");

        Assert.Single(ann.GetProperty("sessions").EnumerateArray());
        Assert.Contains("ann", foreign.GetProperty("owner").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, all.GetProperty("total").GetInt32());
        Assert.Equal((HttpStatusCode.NotFound, "SESSION_NOT_FOUND"), await FailAsync(gateway, "/api/sessions/s"));
        Assert.Equal("s", (await gateway.GetDataAsync($"/api/sessions/s?owner={Uri.EscapeDataString(owner!)}")).GetProperty(
            "id").GetString());
    }

    [Fact]
    [Trait("Feature", "F79")]
    public async Task A_list_that_was_lost_is_built_again_from_the_sessions()
    {
        await using var gateway = await StartAsync();
        await SayAsync(gateway, "hi", "kept");
        Assert.Equal(["kept"], Ids(await gateway.GetDataAsync("/api/sessions")));
        var storage = gateway.Services.GetRequiredService<GatewayStorage>();
        await using var other = await GatewayHost.StartAsync(
            azurite.StorageAccount, c =>
                c.Storage.Prefix = gateway.Services.GetRequiredService<GatewayConfigStore>().Current.Storage.Prefix);
        await foreach (var row in storage.Table(SessionIndex.TableName).QueryAsync(new TableQuery(), TestContext.Current.CancellationToken))
        {
            await storage.Table(SessionIndex.TableName).DeleteAsync(
                row.PartitionKey, row.RowKey, null, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["kept"], Ids(await other.GetDataAsync("/api/sessions")));
    }

    private static async Task<JsonElement> GetAsync(GatewayHost gateway, string path, string user)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        As(request, user);
        using var answer = await gateway.Client.SendAsync(request);
        return await answer.ReadDataAsync();
    }

    private static void As(HttpRequestMessage request, string user)
    {
        request.Headers.Authorization = new("Bearer", "none");
        request.Headers.Add("x-user", user);
        request.Headers.Add("x-proxy", "proxy-secret");
        request.Headers.Add("X-Forwarded-For", "198.51.100.7");
    }
}
