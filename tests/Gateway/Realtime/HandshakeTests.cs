using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>How a connection of the control plane begins, and what it does with what is no request.</summary>
public class HandshakeTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/ws")]
    [InlineData("/chat/main")]
    [Trait("Feature", "D7")]
    [Trait("Feature", "F1")]
    [Trait("Feature", "F87")]
    public async Task A_client_connects_on_the_base_address_on_ws_and_on_paths_of_the_page(string path)
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.OpenAsync(gateway, path);
        var hello = await client.RequestAsync("connect", ControlClient.ConnectParams(scopes: ["operator.read"]));

        Assert.Equal(("hello-ok", 4), (hello.GetProperty("type").GetString(), hello.GetProperty("protocol").GetInt32()));
        Assert.NotEmpty(hello.GetProperty("server").GetProperty("connId").GetString()!);
        Assert.Equal(["operator.read"], Texts(hello.GetProperty("auth").GetProperty("scopes")));
        var policy = hello.GetProperty("policy");
        Assert.Equal((26214400, 52428800, 30000), (
            policy.GetProperty("maxPayload").GetInt32(), policy.GetProperty("maxBufferedBytes").GetInt32(),
            policy.GetProperty("tickIntervalMs").GetInt32()));
        Assert.True((await client.RequestAsync("health", null)).GetProperty("ok").GetBoolean());
    }

    [Fact]
    [Trait("Feature", "D7")]
    public async Task Other_surfaces_keep_their_paths()
    {
        await using var gateway = await StartAsync();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ControlClient.OpenAsync(gateway, "/v1/unknown"));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<WebSocketException>(() => ControlClient.OpenAsync(
            gateway, "/v1/models", ("Authorization", "Bearer " + GatewayHost.Token)));
        Assert.Contains("200", refused.Message, StringComparison.Ordinal);
        using var plain = await gateway.Client.GetAsync("/ws");
        Assert.Equal(426, (int)plain.StatusCode);
        Assert.Equal("websocket", plain.Headers.GetValues("Upgrade").Single());
    }

    [Theory]
    [InlineData("not json", 1000, null)]
    [InlineData("{\"type\":\"res\"}", 1008, "invalid request frame")]
    [InlineData("[1,2]", 1008, "invalid request frame")]
    [InlineData("42", 1008, "invalid request frame")]
    [InlineData("{\"type\":\"req\",\"id\":\"\",\"method\":\"connect\"}", 1008, "invalid request frame")]
    public async Task A_first_message_that_is_no_request_ends_the_connection(string message, int code, string? reason)
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.OpenAsync(gateway);
        await client.SendAsync(message);

        var (closed, why) = await client.ClosedAsync();
        Assert.Equal((code, reason ?? ""), (closed, why ?? ""));
    }

    [Fact]
    public async Task Binary_junk_ends_the_connection_and_binary_json_is_taken_as_text()
    {
        await using var gateway = await StartAsync();
        await using var junk = await ControlClient.OpenAsync(gateway);
        await junk.SendAsync([0xFF, 0x00, 0x13], WebSocketMessageType.Binary);
        Assert.Equal(1000, (await junk.ClosedAsync()).Code);

        await using var client = await ControlClient.ConnectAsync(gateway);
        await client.SendAsync([0xFF, 0x00, 0x13], WebSocketMessageType.Binary); // ignored
        await client.SendAsync("neither");
        await client.SendAsync("""{"type":"req","id":"b","method":"health"}""", WebSocketMessageType.Binary);
        Assert.True((await client.AnswerAsync("b")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task The_first_request_must_be_connect_and_it_comes_once()
    {
        await using var gateway = await StartAsync();
        await using var early = await ControlClient.OpenAsync(gateway);
        var error = await early.FailAsync("health");
        Assert.Equal("first request must be connect", error.GetProperty("message").GetString());
        Assert.Equal(1008, (await early.ClosedAsync()).Code);

        await using var client = await ControlClient.ConnectAsync(gateway);
        Assert.Equal("INVALID_REQUEST", Code(await client.FailAsync("connect", ControlClient.ConnectParams())));
        await client.SendAsync("""{"type":"nonsense","id":"x1"}""");
        await client.SendAsync("""{"type":"nonsense"}""");
        Assert.Equal("INVALID_REQUEST", Code((await client.AnswerAsync("x1")).GetProperty("error")));
        Assert.Equal("INVALID_REQUEST", Code((await client.AnswerAsync("invalid")).GetProperty("error")));
        Assert.True((await client.RequestAsync("health")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_large_message_before_connect_is_too_big_and_after_it_is_taken()
    {
        await using var gateway = await StartAsync();
        await using var early = await ControlClient.OpenAsync(gateway);
        await early.SendAsync($$$"""{"type":"req","id":"1","method":"connect","params":{"pad":"{{{new string('x', 70_000)}}}"}}""");
        Assert.Equal(1009, (await early.ClosedAsync()).Code);

        await using var client = await ControlClient.ConnectAsync(gateway);
        var error = await client.FailAsync("chat.send", $$"""{"sessionKey":"main","message":"{{new string('x', 200_000)}}"}""");
        Assert.Equal("invalid chat.send params: must have required property 'idempotencyKey'", error.GetProperty("message").GetString());
    }

    [Fact]
    [Trait("Feature", "D6")]
    public async Task A_connection_without_a_caller_ends_after_15_seconds()
    {
        var clock = new WatchedTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await StartAsync(services: s => s.AddSingleton<TimeProvider>(clock));
        await using var client = await ControlClient.OpenAsync(gateway);
        await using var other = await ControlClient.ConnectAsync(gateway);
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal((1008, "connect timeout"), await client.ClosedAsync());
        Assert.True((await other.RequestAsync("health")).TryGetProperty("ts", out _));
        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True((await other.EventAsync("tick")).GetProperty("ts").GetInt64() > 0);
    }

    [Fact]
    public async Task Parameters_of_connect_are_a_closed_object_with_all_that_clients_of_the_original_send()
    {
        await using var gateway = await StartAsync();
        await using var bogus = await ControlClient.OpenAsync(gateway);
        var error = await bogus.FailAsync("connect", ControlClient.ConnectParams().Replace(
            "\"minProtocol\":4", "\"minProtocol\":4,\"bogus\":1", StringComparison.Ordinal).Replace(
            "\"id\":\"gateway-client\"", "\"id\":\"mine\"", StringComparison.Ordinal));
        Assert.Equal(
            "invalid connect params: at /client/id: must be equal to one of the allowed values; at root: unexpected property 'bogus'",
            error.GetProperty("message").GetString());
        Assert.Equal(1008, (await bogus.ClosedAsync()).Code);

        await using var full = await ControlClient.OpenAsync(gateway, "/", ("Origin", gateway.Url));
        await full.RequestAsync("connect", $$$"""
            {"minProtocol":3,"maxProtocol":4,"role":"operator","scopes":["operator.read"],"caps":["agent-kind"],"commands":[],
            "permissions":{},"pathEnv":"","modelCatalog":{"sessionKey":"main"},"computerUse":null,"userAgent":"x","locale":"en",
            "client":{"id":"openclaw-control-ui","version":"1","buildId":"b","platform":"Linux x86_64","mode":"webchat","instanceId":"i",
            "timeZone":"Europe/Berlin","displayName":"d","deviceFamily":"f","modelIdentifier":"m"},
            "auth":{"token":"{{{GatewayHost.Token}}}","password":"{{{GatewayHost.Token}}}"}}
            """);
    }

    [Fact]
    public async Task A_protocol_range_without_ours_is_refused_with_both_numbers()
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.OpenAsync(gateway);
        var error = await client.FailAsync("connect", ControlClient.ConnectParams().Replace(
            "\"minProtocol\":4,\"maxProtocol\":4", "\"minProtocol\":5,\"maxProtocol\":6", StringComparison.Ordinal));

        var details = error.GetProperty("details");
        Assert.Equal(("PROTOCOL_MISMATCH", 5, 4, 3), (
            details.GetProperty("code").GetString(), details.GetProperty("clientMinProtocol").GetInt32(),
            details.GetProperty("expectedProtocol").GetInt32(), details.GetProperty("minimumProbeProtocol").GetInt32()));
        Assert.Equal(1002, (await client.ClosedAsync()).Code);
    }

    [Fact]
    [Trait("Feature", "T31")]
    public async Task A_page_of_another_origin_is_refused_and_one_that_is_configured_is_not()
    {
        await using var gateway = await StartAsync();
        Assert.Equal("CONTROL_UI_ORIGIN_NOT_ALLOWED", await OriginAsync(gateway, "https://evil.example", "gateway-client"));
        Assert.Equal("CONTROL_UI_ORIGIN_NOT_ALLOWED", await OriginAsync(gateway, null, "openclaw-control-ui"));
        Assert.Null(await OriginAsync(gateway, gateway.Url, "openclaw-control-ui"));

        await using var open = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Http.Cors.Origins = ["https://ui.example"]);
        Assert.Null(await OriginAsync(open, "https://ui.example", "openclaw-control-ui"));
    }

    [Theory]
    [InlineData("?token=")]
    [InlineData("?password=")]
    [Trait("Feature", "F32")]
    public async Task A_credential_in_the_URL_of_ws_lets_in_and_is_refused_elsewhere(string query)
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.OpenAsync(gateway, "/ws" + query + GatewayHost.Token);
        Assert.Equal("hello-ok", (await client.RequestAsync("connect", ControlClient.ConnectParams(token: null))).GetProperty("type").GetString());
        Assert.DoesNotContain(GatewayHost.Token, gateway.Log, StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ControlClient.OpenAsync(gateway, "/" + query + GatewayHost.Token));
        Assert.Contains("400", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F24")]
    public async Task A_method_says_which_scope_is_missing_and_unknown_methods_and_later_ones_have_their_own_errors()
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.ConnectAsync(gateway, "operator.read");
        var forbidden = await client.FailAsync("sessions.reset", """{"key":"main"}""");
        Assert.Equal(("FORBIDDEN", "missing scope: operator.admin"), (Code(forbidden), forbidden.GetProperty("message").GetString()));
        Assert.Equal(("MISSING_SCOPE", "operator.admin"), (
            forbidden.GetProperty("details").GetProperty("code").GetString(),
            forbidden.GetProperty("details").GetProperty("missingScope").GetString()));
        Assert.False(forbidden.GetProperty("retryable").GetBoolean());

        var unknown = await client.FailAsync("no.such");
        Assert.Equal(("INVALID_REQUEST", "unknown method: no.such"), (Code(unknown), unknown.GetProperty("message").GetString()));
        Assert.Equal("UNAVAILABLE", Code(await client.FailAsync("skills.status")));
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task Hello_lists_the_methods_that_answer_and_health_is_open_to_all()
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.OpenAsync(gateway);
        var hello = await client.RequestAsync("connect", ControlClient.ConnectParams(scopes: []));
        foreach (var method in Texts(hello.GetProperty("features").GetProperty("methods")))
        {
            var answer = await client.AnswerAsync(await client.BeginAsync(method, """{"bogus":1}"""));
            var error = answer.GetProperty("error");
            Assert.True(
                Code(error) == "FORBIDDEN"
                    || error.GetProperty("message").GetString()!.Contains("unexpected property 'bogus'", StringComparison.Ordinal),
                $"{method}: {error.GetRawText()}");
        }

        Assert.True((await client.RequestAsync("health")).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_gateway_that_stops_says_so_and_closes_its_connections()
    {
        await using var gateway = await StartAsync();
        await using var client = await ControlClient.ConnectAsync(gateway);
        await gateway.DisposeAsync();

        Assert.Equal("service restart", (await client.EventAsync("shutdown")).GetProperty("reason").GetString());
        Assert.Equal((1012, "service restart"), await client.ClosedAsync());
    }

    [Fact]
    public async Task Events_are_numbered_without_gaps_on_each_connection()
    {
        await using var gateway = await StartAsync();
        await using var first = await ControlClient.ConnectAsync(gateway);
        await using var second = await ControlClient.ConnectAsync(gateway);
        await second.RequestAsync("chat.send", """{"sessionKey":"main","message":"hi","idempotencyKey":"k1"}""");
        await first.ChatAsync("k1");

        var numbers = first.Frames.Select(f => JsonElement.Parse(f)).Where(f => f.TryGetProperty("seq", out _))
            .Select(f => f.GetProperty("seq").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
    }

    private Task<GatewayHost> StartAsync(Action<IServiceCollection>? services = null) =>
        GatewayHost.StartAsync(azurite.StorageAccount, services: services);

    private static async Task<string?> OriginAsync(GatewayHost gateway, string? origin, string clientId)
    {
        await using var client = origin is null ? await ControlClient.OpenAsync(gateway)
            : await ControlClient.OpenAsync(gateway, "/", ("Origin", origin));
        var answer = await client.AnswerAsync(await client.BeginAsync(
            "connect", ControlClient.ConnectParams(clientId: clientId, mode: clientId == "gateway-client" ? "backend" : "webchat")));
        return answer.TryGetProperty("error", out var error) ? error.GetProperty("details").GetProperty("code").GetString() : null;
    }

    private static string Code(JsonElement error) => error.GetProperty("code").GetString()!;

    private static List<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetString()!)];
}
