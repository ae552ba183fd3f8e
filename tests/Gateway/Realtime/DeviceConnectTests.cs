using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using Xunit;

namespace OpenClaw.Tests.Gateway.Realtime;

/// <summary>Devices on the control plane: how they prove themselves, are paired, and lose their tokens.</summary>
public class DeviceConnectTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _prefix = "t" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    [Trait("Feature", "F23")]
    [Trait("Feature", "D26")]
    public async Task A_device_with_the_secret_is_paired_at_once_and_its_token_works_here_and_over_HTTP()
    {
        await using var gateway = await StartAsync();
        using var device = new TestDevice();
        var hello = (await ConnectAsync(gateway, device, scopes: ["operator.read"])).GetProperty("payload").GetProperty("auth");
        var token = hello.GetProperty("deviceToken").GetString()!;
        Assert.Equal("token", hello.GetProperty("method").GetString());

        var again = (await ConnectAsync(gateway, device, token, ["operator.read"], inDeviceToken: true)).GetProperty("payload").GetProperty("auth");
        Assert.Equal(("device-token", token), (again.GetProperty("method").GetString(), again.GetProperty("deviceToken").GetString()));
        Assert.True((await ConnectAsync(gateway, device, token, ["operator.read"])).GetProperty("ok").GetBoolean());

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync(token, "/api/status"));
        var paired = (await gateway.GetDataAsync("/api/v1/devices")).GetProperty("paired")[0];
        Assert.Equal((device.Id, "secret", "operator"), (
            paired.GetProperty("id").GetString(), paired.GetProperty("approvedVia").GetString(), paired.GetProperty("owner").GetString()));
        using var refused = await gateway.SendAsync(HttpMethod.Get, "/api/devices", token);
        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), await refused.ReadFailureAsync());
        Assert.DoesNotContain(token[^24..], gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F23")]
    public async Task Faults_of_the_credential_have_the_codes_that_clients_act_on()
    {
        await using var gateway = await StartAsync();
        using var device = new TestDevice();
        using var other = new TestDevice();
        var token = TokenOf(await ConnectAsync(gateway, device, scopes: ["operator.read"]));
        var foreign = TokenOf(await ConnectAsync(gateway, other));

        Assert.Equal("AUTH_TOKEN_MISMATCH", Code(await ConnectAsync(gateway, device, "wrong")));
        Assert.Equal("AUTH_TOKEN_MISSING", Code(await ConnectAsync(gateway, device, null, clientId: "openclaw-control-ui", mode: "webchat")));
        Assert.Equal("DEVICE_IDENTITY_REQUIRED", Code(await ConnectAsync(gateway, null, null)));
        Assert.Equal("AUTH_DEVICE_TOKEN_MISMATCH", Code(await ConnectAsync(gateway, device, foreign, inDeviceToken: true)));
        Assert.Equal("AUTH_DEVICE_TOKEN_MISMATCH", Code(await ConnectAsync(gateway, device, "stale", inDeviceToken: true)));
        Assert.Equal("AUTH_SCOPE_MISMATCH", Code(await ConnectAsync(gateway, device, token, ["operator.admin"], inDeviceToken: true)));
        Assert.Equal("DEVICE_IDENTITY_REQUIRED", Code(await ConnectAsync(gateway, null, token, inDeviceToken: true)));
    }

    [Fact]
    [Trait("Feature", "F23")]
    public async Task Faults_of_the_proof_have_their_codes()
    {
        await using var gateway = await StartAsync();
        using var device = new TestDevice();
        using var other = new TestDevice();
        var cases = new Dictionary<string, Func<ControlClient, string>>
        {
            ["DEVICE_AUTH_SIGNATURE_INVALID"] = c => device.Prove(c.Nonce, _clock.GetUtcNow(), token: "another"),
            ["DEVICE_AUTH_NONCE_MISMATCH"] = _ => device.Prove("another", _clock.GetUtcNow()),
            ["DEVICE_AUTH_SIGNATURE_EXPIRED"] = c => device.Prove(c.Nonce, _clock.GetUtcNow().AddSeconds(-121)),
            ["DEVICE_AUTH_DEVICE_ID_MISMATCH"] = c => device.Prove(
                c.Nonce, _clock.GetUtcNow(), change: json => json.Replace(device.PublicKey, other.PublicKey, StringComparison.Ordinal)),
        };
        foreach (var (code, prove) in cases)
        {
            await using var client = await ControlClient.OpenAsync(gateway);
            var error = await client.FailAsync("connect", ControlClient.ConnectParams(device: prove(client)));
            Assert.Equal(code, error.GetProperty("details").GetProperty("code").GetString());
            Assert.NotEmpty(error.GetProperty("details").GetProperty("reason").GetString()!);
            Assert.Equal(1008, (await client.ClosedAsync()).Code);
        }

        await using var old = await ControlClient.OpenAsync(gateway);
        await old.RequestAsync("connect", ControlClient.ConnectParams(device: device.Prove(old.Nonce, _clock.GetUtcNow(), version: 2)));
    }

    [Fact]
    [Trait("Feature", "F23")]
    public async Task Where_approval_is_required_the_holder_of_the_secret_gives_it_over_HTTP()
    {
        await using var gateway = await StartAsync(c => c.Gateway.Auth.Pairing = "required");
        await using var watcher = await ControlClient.ConnectAsync(gateway, "operator.pairing");
        using var device = new TestDevice();
        var first = await ConnectAsync(gateway, device, scopes: ["operator.read"]);
        var details = first.GetProperty("error").GetProperty("details");
        var requestId = details.GetProperty("requestId").GetString()!;
        Assert.Equal(("NOT_PAIRED", "PAIRING_REQUIRED", "not-paired"), (
            first.GetProperty("error").GetProperty("code").GetString(), Code(first), details.GetProperty("reason").GetString()));
        Assert.Equal(requestId, (await watcher.EventAsync("device.pair.requested")).GetProperty("requestId").GetString());
        Assert.Equal(requestId, (await ConnectAsync(gateway, device, scopes: ["operator.read"]))
            .GetProperty("error").GetProperty("details").GetProperty("requestId").GetString());

        var approved = await gateway.PostDataAsync($"/api/v1/devices/{requestId}/approve", "{}");
        Assert.Equal("owner", approved.GetProperty("approvedVia").GetString());
        Assert.Equal("approved", (await watcher.EventAsync("device.pair.resolved")).GetProperty("decision").GetString());
        var token = TokenOf(await ConnectAsync(gateway, device, scopes: ["operator.read"]));
        Assert.True((await ConnectAsync(gateway, device, token, ["operator.read"], inDeviceToken: true)).GetProperty("ok").GetBoolean());

        var wider = await ConnectAsync(gateway, device, scopes: ["operator.admin"]);
        Assert.Equal("scope-upgrade", wider.GetProperty("error").GetProperty("details").GetProperty("reason").GetString());
        using var missing = await gateway.PostAsync("/api/devices/none/approve", "{}");
        Assert.Equal((HttpStatusCode.NotFound, "PAIRING_REQUEST_NOT_FOUND"), await missing.ReadFailureAsync());
    }

    [Fact]
    [Trait("Feature", "F23")]
    public async Task A_device_without_the_secret_asks_and_gets_its_token_once_after_approval()
    {
        await using var gateway = await StartAsync();
        await using var owner = await ControlClient.ConnectAsync(gateway);
        using var device = new TestDevice();
        Assert.Equal("PAIRING_REQUIRED", Code(await ConnectAsync(gateway, device, null, ["operator.write"])));
        var pending = (await owner.RequestAsync("device.pair.list")).GetProperty("pending")[0];
        Assert.Equal(device.Id, pending.GetProperty("deviceId").GetString());
        await owner.RequestAsync(
            "device.pair.approve", $$"""{"requestId":"{{pending.GetProperty("requestId").GetString()}}"}""");

        var token = TokenOf(await ConnectAsync(gateway, device, null, ["operator.write"]));
        Assert.Equal("AUTH_TOKEN_MISSING", Code(await ConnectAsync(gateway, device, null, ["operator.write"])));
        Assert.True((await ConnectAsync(gateway, device, token, ["operator.write"], inDeviceToken: true)).GetProperty("ok").GetBoolean());

        using var rejected = new TestDevice();
        await ConnectAsync(gateway, rejected, null);
        var second = (await owner.RequestAsync("device.pair.list")).GetProperty("pending")[0].GetProperty("requestId").GetString();
        await owner.RequestAsync("device.pair.reject", $$"""{"requestId":"{{second}}"}""");
        Assert.Equal("unknown requestId", (await owner.FailAsync(
            "device.pair.approve", $$"""{"requestId":"{{second}}"}""")).GetProperty("message").GetString());
    }

    [Fact]
    [Trait("Feature", "F23")]
    public async Task An_approver_cannot_grant_more_than_it_may_do_and_a_device_manages_only_itself()
    {
        await using var gateway = await StartAsync();
        using var small = new TestDevice();
        using var asking = new TestDevice();
        var token = TokenOf(await ConnectAsync(gateway, small, scopes: ["operator.pairing"]));
        await ConnectAsync(gateway, asking, null, ["operator.admin"]);
        var request = (await gateway.GetDataAsync("/api/devices")).GetProperty("pending")[0].GetProperty("requestId").GetString();

        await using var client = await OpenAsync(gateway, small, token, ["operator.pairing"]);
        Assert.Equal("FORBIDDEN", (await client.FailAsync(
            "device.pair.approve", $$"""{"requestId":"{{request}}"}""")).GetProperty("code").GetString());
        await gateway.PostDataAsync($"/api/devices/{request}/approve", "{}");
        Assert.Equal("FORBIDDEN", (await client.FailAsync(
            "device.token.revoke", $$"""{"deviceId":"{{asking.Id}}","role":"operator"}""")).GetProperty("code").GetString());
        Assert.Equal("FORBIDDEN", (await client.FailAsync(
            "device.pair.remove", $$"""{"deviceId":"{{asking.Id}}"}""")).GetProperty("code").GetString());
        Assert.Equal("small one", (await client.RequestAsync(
            "device.pair.rename", $$"""{"deviceId":"{{small.Id}}","label":"small one"}""")).GetProperty("label").GetString());
    }

    [Fact]
    [Trait("Feature", "F23")]
    public async Task A_rotated_token_is_echoed_to_the_device_itself_only_and_ends_its_connections()
    {
        await using var gateway = await StartAsync();
        await using var admin = await ControlClient.ConnectAsync(gateway);
        using var device = new TestDevice();
        var first = TokenOf(await ConnectAsync(gateway, device, scopes: ["operator.pairing"]));
        await using var live = await OpenAsync(gateway, device, first, ["operator.pairing"]);

        var withheld = await admin.RequestAsync("device.token.rotate", $$"""{"deviceId":"{{device.Id}}","role":"operator"}""");
        Assert.Equal("withheld-cross-device", withheld.GetProperty("tokenDelivery").GetString());
        Assert.False(withheld.TryGetProperty("token", out _));
        Assert.Equal((4001, "device removed"), await live.ClosedAsync());
        Assert.Equal("AUTH_DEVICE_TOKEN_MISMATCH", Code(await ConnectAsync(gateway, device, first, ["operator.pairing"], inDeviceToken: true)));
        Assert.Equal(HttpStatusCode.Unauthorized, await gateway.StatusAsync(first));

        var second = TokenOf(await ConnectAsync(gateway, device, scopes: ["operator.pairing"]));
        await using var own = await OpenAsync(gateway, device, second, ["operator.pairing"]);
        var answer = await own.AnswerAsync(await own.BeginAsync(
            "device.token.rotate", $$"""{"deviceId":"{{device.Id}}","role":"operator"}"""));
        var third = answer.GetProperty("payload").GetProperty("token").GetString()!;
        Assert.True((await ConnectAsync(gateway, device, third, ["operator.pairing"], inDeviceToken: true)).GetProperty("ok").GetBoolean());
    }

    [Fact]
    [Trait("Feature", "F23")]
    [Trait("Feature", "T7")]
    public async Task A_revoked_device_is_refused_and_thrown_out_on_every_instance_within_seconds()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        using var device = new TestDevice();
        var token = TokenOf(await ConnectAsync(one, device, scopes: ["operator.read"]));
        await using var here = await OpenAsync(one, device, token, ["operator.read"]);
        await using var there = await OpenAsync(two, device, token, ["operator.read"]);
        Assert.Equal(HttpStatusCode.OK, await two.StatusAsync(token, "/api/status"));

        await one.PostDataAsync($"/api/v1/devices/{device.Id}/revoke", "{}");
        Assert.Equal((4001, "device removed"), await here.ClosedAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await one.StatusAsync(token, "/api/status"));
        var closed = await two.WhileTimeGoesOnAsync(there.ClosedAsync(), _clock, TimeSpan.FromSeconds(1));
        Assert.Equal((4001, "device removed"), closed);
        Assert.Equal(HttpStatusCode.Unauthorized, await two.StatusAsync(token, "/api/status"));
        Assert.Equal("AUTH_DEVICE_TOKEN_MISMATCH", Code(await ConnectAsync(two, device, token, ["operator.read"], inDeviceToken: true)));

        using var removed = await one.Client.DeleteAsync($"/api/devices/{device.Id}");
        Assert.Equal("remove", (await removed.ReadDataAsync()).GetProperty("action").GetString());
        using var missing = await one.Client.DeleteAsync($"/api/devices/{device.Id}");
        Assert.Equal((HttpStatusCode.NotFound, "DEVICE_NOT_FOUND"), await missing.ReadFailureAsync());
    }

    [Fact]
    [Trait("Feature", "T37")]
    public async Task A_message_that_a_device_left_in_the_queue_is_not_executed_after_it_was_revoked()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            c.Agents.Defaults.Model = new() { Primary = "mock/m" };
        });
        using var device = new TestDevice();
        var token = TokenOf(await ConnectAsync(gateway, device, scopes: ["operator.write"]));
        await gateway.PostDataAsync("/api/chat", """{"message":"begin","sessionId":"s"}""", r => r.Use(token));
        var (isHeld, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        upstream.Next(async call =>
        {
            isHeld.SetResult();
            await mayEnd.Task;
            await call.StreamTextAsync("first");
        });
        const string Send = """{"action":"send","message":"later"}""";
        await gateway.PostDataAsync("/api/sessions/s", Send, r => r.Use(token));
        await isHeld.Task.WaitAsync(FunctionsHost.Patience);
        var second = (await gateway.PostDataAsync("/api/sessions/s", Send, r => r.Use(token))).GetProperty("runId").GetString()!;
        await gateway.PostDataAsync($"/api/v1/devices/{device.Id}/revoke", "{}");
        mayEnd.SetResult();

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{second}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var events = await gateway.WhileTimeGoesOnAsync(gateway.Client.SendAsync(request), _clock, TimeSpan.FromSeconds(1));
        await events.Content.ReadAsStringAsync(); // until the run has ended
        var run = await gateway.GetDataAsync($"/api/runs/{second}");
        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Equal("UNAUTHORIZED", run.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(2, upstream.Requests.Count);
    }

    private Task<GatewayHost> StartAsync(Action<GatewayConfig>? configure = null) => GatewayHost.StartAsync(
        azurite.StorageAccount,
        c =>
        {
            c.Storage.Prefix = _prefix;
            configure?.Invoke(c);
        },
        services => services.AddSingleton<TimeProvider>(_clock));

    /// <summary>The answer to one connect.</summary>
    private async Task<JsonElement> ConnectAsync(
        GatewayHost gateway, TestDevice? device, string? token = GatewayHost.Token, IReadOnlyList<string>? scopes = null,
        bool inDeviceToken = false, string clientId = "gateway-client", string mode = "backend")
    {
        await using var client = clientId == "gateway-client" ? await ControlClient.OpenAsync(gateway)
            : await ControlClient.OpenAsync(gateway, "/", ("Origin", gateway.Url));
        return await client.AnswerAsync(await client.BeginAsync(
            "connect", ParamsOf(client, device, token, scopes, inDeviceToken, clientId, mode)));
    }

    private async Task<ControlClient> OpenAsync(GatewayHost gateway, TestDevice device, string token, IReadOnlyList<string> scopes)
    {
        var client = await ControlClient.OpenAsync(gateway);
        await client.RequestAsync("connect", ParamsOf(client, device, token, scopes, true, "gateway-client", "backend"));
        return client;
    }

    private string ParamsOf(
        ControlClient client, TestDevice? device, string? token, IReadOnlyList<string>? scopes, bool inDeviceToken, string clientId, string mode)
    {
        var proof = device?.Prove(
            client.Nonce, _clock.GetUtcNow(), token ?? "", string.Join(',', scopes ?? []), clientId, mode);
        return ControlClient.ConnectParams(
            token, scopes, proof, clientId, mode, inDeviceToken ? $$"""{"deviceToken":"{{token}}"}""" : null);
    }

    private static string TokenOf(JsonElement answer) =>
        answer.GetProperty("payload").GetProperty("auth").GetProperty("deviceToken").GetString()!;

    private static string? Code(JsonElement answer) =>
        answer.GetProperty("error").GetProperty("details").GetProperty("code").GetString();
}
