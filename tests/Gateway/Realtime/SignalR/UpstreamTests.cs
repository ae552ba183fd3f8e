using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.SignalR;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime.SignalR;

/// <summary>Calls to the upstream that are not what they pretend to be, and calls that the gateway cannot answer.</summary>
public sealed class UpstreamTests(AzuriteFixture azurite)
{
    private const string Send = """{"sessionKey":"main","message":"hi","idempotencyKey":"k"}""";

    [Fact]
    [Trait("Feature", "T32")]
    public async Task A_replayed_signature_is_refused_without_the_secret_and_for_another_connection()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        var seen = gateway.Service.Upstream!.Sent.Last();
        var body = seen.Body.Replace("connect", "sessions.delete", StringComparison.Ordinal);
        var path = seen.Path.Split('?')[0];

        Assert.Equal(HttpStatusCode.OK, await PostAsync(gateway, seen)); // as the service sends it
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, seen with { Path = path, Body = body }));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, seen with { Path = path + "?code=guessed", Body = body }));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, seen, ("X-ASRS-Connection-Id", "another")));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, seen, ("X-ASRS-Signature", "")));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, seen, ("X-ASRS-Signature", "sha256=" + new string('a', 64))));
    }

    [Fact]
    [Trait("Feature", "T32")]
    public async Task The_second_key_of_the_service_may_have_signed()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        var seen = gateway.Service.Upstream!.Sent.Last();
        var own = StandInUpstream.Signature(seen.Headers["X-ASRS-Connection-Id"]).ToUpperInvariant();

        Assert.Equal(HttpStatusCode.OK, await PostAsync(gateway, seen, ("X-ASRS-Signature", $"sha256={new string('0', 64)},sha256={own}")));
    }

    [Theory]
    [Trait("Feature", "T32")]
    [InlineData("signalr/upstream/others/messages/rpc", "others", "messages", "rpc")]
    [InlineData("signalr/upstream/openclaw/messages/rpc", "others", "messages", "rpc")]
    [InlineData("signalr/upstream/openclaw/messages/rpc", "openclaw", "connections", "rpc")]
    [InlineData("signalr/upstream/openclaw/messages/rpc", "openclaw", "messages", "simple")]
    public async Task A_foreign_hub_or_event_is_refused(string path, string hub, string category, string name)
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        var seen = gateway.Service.Upstream!.Sent.Last();

        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(
            gateway, seen with { Path = $"{path}?code={SignalRGateway.UpstreamSecret}" },
            ("X-ASRS-Hub", hub), ("X-ASRS-Category", category), ("X-ASRS-Event", name)));
    }

    [Fact]
    [Trait("Feature", "T32")]
    public async Task Forged_claims_give_no_rights_and_a_forged_user_ends_the_connection()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var operatorClient = await HubClient.ConnectAsync(gateway.Host);
        var ticket = gateway.Service.Upstream!.Sent.Last().Headers["X-ASRS-User-Id"];
        var (_, reader) = await gateway.Host.CreateKeyAsync("""{"name":"r","scopes":["operator.read"]}""");
        await using var client = await HubClient.ConnectAsync(gateway.Host, reader);
        gateway.Service.Upstream.Change = sent => sent with
        {
            Headers = new(sent.Headers) { ["X-ASRS-User-Claims"] = "role: operator, subject: operator, scope: operator.admin" },
        };

        var refused = await client.FailAsync("chat.send", Send);
        Assert.Equal(("FORBIDDEN", "operator.write"), (
            refused.GetProperty("code").GetString(), refused.GetProperty("details").GetProperty("missingScope").GetString()));

        gateway.Service.Upstream.Change = sent => sent with { Headers = new(sent.Headers) { ["X-ASRS-User-Id"] = ticket } };
        await Assert.ThrowsAnyAsync<Exception>(() => client.CallAsync("chat.send", Send));
        await client.Closed;
        Assert.Empty(gateway.Model.Requests);
    }

    [Fact]
    [Trait("Feature", "T32")]
    public async Task A_ticket_is_good_for_one_connection_and_one_hour()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await SignalRGateway.StartAsync(azurite, services: s => s.AddSingleton<TimeProvider>(clock));
        var (first, second) = (await NegotiateAsync(gateway), await NegotiateAsync(gateway));

        Assert.Equal(HttpStatusCode.OK, await PostAsync(gateway, Connected(first, "c1")));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(gateway, Connected(first, "c1")));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, Connected(first, "c2")));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, Connected("rtc_000000000000000000000000", "c3")));
        clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, Connected(second, "c4")));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(gateway, Connected(first, "c1")));
        clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(gateway, Connected(first, "c1")));
    }

    [Fact]
    public async Task An_invocation_that_the_gateway_cannot_answer_fails_with_a_reason()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        var seen = gateway.Service.Upstream!.Sent.Last();
        var secret = $"?code={SignalRGateway.UpstreamSecret}";

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync(gateway, seen with { ContentType = "application/x-msgpack" }));
        Assert.Equal(
            HttpStatusCode.BadRequest, await PostAsync(gateway, seen with { Body = """{"type":1,"target":"other","arguments":[]}""" }));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(gateway, seen with { Body = """{"type":3,"target":"rpc"}""" }));
        using var unknown = await gateway.Service.Upstream.PostAsync(seen with
        {
            Path = seen.Path.Replace("messages/rpc", "messages/other", StringComparison.Ordinal),
            Body = """{"type":1,"invocationId":"9","target":"other","arguments":[{}]}""",
            Headers = new(seen.Headers) { ["X-ASRS-Event"] = "other" },
        });
        Assert.Contains("send frames to 'rpc'", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var half = await gateway.Service.Upstream.PostAsync(seen with
        {
            Body = """{"type":1,"invocationId":"9","target":"rpc","arguments":["{\"type\":\"req\",\"id\":\"\\ud800\",\"method\":\"health\"}"]}""",
        });
        Assert.Contains("invalid request frame", await half.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var silent = await gateway.Service.Upstream.PostAsync(
            seen with { Body = """{"Type":1,"Target":"rpc","Arguments":[{"type":"req","id":"1","method":"health"}]}""" });
        Assert.Equal((HttpStatusCode.OK, ""), (silent.StatusCode, await silent.Content.ReadAsStringAsync()));
        Assert.EndsWith(secret, seen.Path, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T32")]
    public async Task Without_a_secret_or_an_audience_the_upstream_takes_nothing()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite, config => config.Gateway.Realtime.Upstream.Secret = null);
        using var answer = await gateway.Service.Upstream!.PostAsync(Connected(await NegotiateAsync(gateway), "c1"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var (code, _, message) = await answer.ReadErrorAsync();
        Assert.Equal("realtime_not_configured", code);
        Assert.Contains("gateway.realtime.upstream.audience", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T32")]
    public async Task A_key_that_is_revoked_and_a_secret_that_is_replaced_end_their_connections()
    {
        await using var gateway = await SignalRGateway.StartAsync(azurite);
        var (id, text) = await gateway.Host.CreateKeyAsync(ApiKeyGateway.Writer);
        await using var keyClient = await HubClient.ConnectAsync(gateway.Host, text);
        await using var client = await HubClient.ConnectAsync(gateway.Host);
        using var revoked = await gateway.Host.Client.DeleteAsync($"/api/v1/keys/{id}");
        Assert.True(revoked.IsSuccessStatusCode);
        await keyClient.Closed; // at once, without a call of its own

        var config = gateway.Host.Services.GetRequiredService<Configuration.GatewayConfigStore>();
        await client.RequestAsync("health");
        var next = config.Current;
        next.Gateway.Auth.Token = "another-token-77aa";
        config.Replace(next);
        var refused = await client.FailAsync("health");
        Assert.Equal("AUTH_CREDENTIAL_ENDED", refused.GetProperty("details").GetProperty("code").GetString());
        await client.Closed;
    }

    private static async Task<string> NegotiateAsync(SignalRGateway gateway)
    {
        using var answer = await gateway.Host.PostAsync("/negotiate?negotiateVersion=1", "");
        var token = (await answer.ReadJsonAsync()).GetProperty("accessToken").GetString()!;
        return JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).GetProperty("asrs.s.uid").GetString()!;
    }

    private static ServiceEvent Connected(string ticket, string connectionId) => new(
        $"signalr/upstream/openclaw/connections/connected?code={SignalRGateway.UpstreamSecret}", """{"type":10}""", "application/json",
        new()
        {
            ["X-ASRS-Connection-Id"] = connectionId,
            ["X-ASRS-Hub"] = "openclaw",
            ["X-ASRS-Category"] = "connections",
            ["X-ASRS-Event"] = "connected",
            ["X-ASRS-User-Id"] = ticket,
            ["X-ASRS-Signature"] = "sha256=" + StandInUpstream.Signature(connectionId),
        });

    private static async Task<HttpStatusCode> PostAsync(
        SignalRGateway gateway, ServiceEvent sent, params (string Name, string Value)[] headers)
    {
        var changed = new Dictionary<string, string>(sent.Headers);
        foreach (var (name, value) in headers)
        {
            changed[name] = value;
        }

        using var answer = await gateway.Service.Upstream!.PostAsync(sent with { Headers = changed });
        return answer.StatusCode;
    }
}
