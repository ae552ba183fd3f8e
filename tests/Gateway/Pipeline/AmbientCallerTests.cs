using System.Net;
using System.Net.WebSockets;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>Pages that send requests in the name of a caller who needs no secret: mode <c>none</c>, users of a proxy.</summary>
[Trait("Feature", "T31")]
public sealed class AmbientCallerTests(OpenHosts hosts, AzuriteFixture azurite) : IClassFixture<OpenHosts>
{
    private const string NewKey = """{"name":"stolen","scopes":["operator.admin"]}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_of_another_origin_is_refused_and_one_that_is_listed_or_own_is_not(bool isWorker)
    {
        var own = (await hosts.ClientAsync(isWorker)).BaseAddress!.GetLeftPart(UriPartial.Authority);
        foreach (var (origin, status) in ((string, HttpStatusCode)[])
        [
            (TwoHosts.Stranger, HttpStatusCode.Forbidden), ("null", HttpStatusCode.Forbidden), ("", HttpStatusCode.Forbidden),
            ("http://localhost:9", HttpStatusCode.Forbidden), ($"{own}.evil.example", HttpStatusCode.Forbidden),
            (TwoHosts.Friend, HttpStatusCode.Created), (own, HttpStatusCode.Created),
        ])
        {
            using var answer = await hosts.SendAsync(isWorker, HttpMethod.Post, "/api/v1/keys", NewKey, ("Origin", origin));

            Assert.Equal((origin, status), (origin, answer.StatusCode));
            Assert.Equal(
                status == HttpStatusCode.Forbidden ? "ORIGIN_NOT_ALLOWED" : null,
                (await answer.ReadJsonAsync()).TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null);
        }
    }

    [Theory]
    [InlineData(false, "cross-site", HttpStatusCode.Forbidden)]
    [InlineData(true, "cross-site", HttpStatusCode.Forbidden)]
    [InlineData(false, "same-origin", HttpStatusCode.OK)]
    [InlineData(true, "none", HttpStatusCode.OK)]
    public async Task A_request_that_the_browser_marks_as_cross_site_is_refused(bool isWorker, string site, HttpStatusCode status)
    {
        using var answer = await hosts.SendAsync(isWorker, HttpMethod.Get, "/v1/models", null, ("Sec-Fetch-Site", site));

        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.Forbidden)
        {
            Assert.Equal("cross_site_request", (await answer.ReadErrorAsync()).Code);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listed_page_of_another_site_may_call(bool isWorker)
    {
        using var answer = await hosts.SendAsync(
            isWorker, HttpMethod.Get, "/v1/models", null, ("Sec-Fetch-Site", "cross-site"), ("Origin", TwoHosts.Friend));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_must_say_that_it_is_json(bool isWorker)
    {
        var client = await hosts.ClientAsync(isWorker);
        foreach (var type in (string?[])[null, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
        {
            using var body = new ByteArrayContent("""{"name":"x","scopes":["operator.read"]}"""u8.ToArray());
            body.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await client.PostAsync("/api/v1/keys", body);

            Assert.Equal((type, HttpStatusCode.Forbidden), (type, answer.StatusCode));
            Assert.Equal("JSON_TYPE_REQUIRED", (await answer.ReadJsonAsync()).GetProperty("error").GetProperty("code").GetString());
        }

        using var empty = await client.PostAsync("/api/v1/runs/none/cancel", null);
        Assert.Equal(HttpStatusCode.NotFound, empty.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_program_may_upload_a_file_of_any_type_and_a_page_may_not(bool isWorker)
    {
        var client = await hosts.ClientAsync(isWorker);
        using var file = new StringContent("some text", null, "text/plain");
        using var stored = await client.PostAsync("/api/media", file);
        using var fromPage = new HttpRequestMessage(HttpMethod.Post, "/api/media") { Content = new StringContent("some text") };
        fromPage.Headers.Add("Origin", TwoHosts.Stranger);
        using var refused = await client.SendAsync(fromPage);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Forbidden), (stored.StatusCode, refused.StatusCode));
    }

    [Fact]
    public async Task A_named_key_is_no_ambient_credential()
    {
        using var made = await hosts.SendAsync(false, HttpMethod.Post, "/api/keys", """{"name":"k","scopes":["operator.read"]}""");
        var key = (await made.ReadJsonAsync()).GetProperty("data").GetProperty("key").GetString();
        using var answer = await hosts.SendAsync(
            false, HttpMethod.Get, "/v1/models", null, ("Origin", TwoHosts.Stranger), ("Authorization", $"Bearer {key}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:18789", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("127.0.0.1.evil.example", 403)]
    [InlineData("localhost", 200)]
    [InlineData("localhost:1", 200)]
    [InlineData("app.localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:18789", 200)]
    [InlineData("gw.example.com", 200)]
    public async Task A_name_that_is_not_the_gateways_is_refused(string host, int status)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Gateway.Auth.Mode = "none";
            c.Gateway.PublicUrl = "https://gw.example.com/base";
        });
        using var connection = await RawConnection.OpenAsync(gateway.Url);
        await connection.SendAsync($"GET /v1/models HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\r\n");

        Assert.Equal(status, await connection.ReadAnswerAsync());
        Assert.Equal(status == 403, connection.Body.Contains("host_not_allowed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example.com")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "evil.example")]
    public async Task Users_of_a_proxy_are_guarded_likewise(string header, string value)
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c =>
        {
            c.Gateway.Auth.Mode = "trusted-proxy";
            c.Gateway.TrustedProxies = ["127.0.0.1", "::1"];
            c.Gateway.Auth.TrustedProxy = new() { UserHeader = "x-forwarded-user", AllowLoopback = true };
        });
        (string, string) user = ("x-forwarded-user", "ada@example.com");
        using var good = await gateway.SendAsync(HttpMethod.Get, "/v1/models", null, user);
        using var behind = await gateway.SendAsync(
            HttpMethod.Get, "/v1/models", null, user, ("X-Forwarded-Host", "gw.example.com"), ("Origin", "https://gw.example.com"));
        using var bad = await gateway.SendAsync(HttpMethod.Get, "/v1/models", null, user, (header, value));

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.OK, behind.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, bad.StatusCode);
    }

    [Theory]
    [InlineData(TwoHosts.Stranger, false)]
    [InlineData(TwoHosts.Friend, true)]
    [InlineData(null, true)]
    public async Task A_socket_is_opened_to_no_page_of_another_origin(string? origin, bool isOpened)
    {
        var url = new UriBuilder((await hosts.SelfHostAsync()).Url) { Scheme = "ws", Path = "/v1/responses" }.Uri;
        using var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        socket.Options.CollectHttpResponseDetails = true;
        var failure = await Record.ExceptionAsync(() => socket.ConnectAsync(url, CancellationToken.None));

        Assert.Equal(isOpened, failure is null);
        Assert.Equal(isOpened ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_needs_no_caller_stays_open_to_every_page(bool isWorker)
    {
        using var answer = await hosts.SendAsync(isWorker, HttpMethod.Get, "/health", null, ("Origin", TwoHosts.Stranger));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
