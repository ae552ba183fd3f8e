using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

public class RoutingTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("/health", "ok")]
    [InlineData("/healthz", "ok")]
    [InlineData("/startupz", "started")]
    [InlineData("/readyz", "ready")]
    [Trait("Feature", "F75")]
    [Trait("Feature", "D12")]
    public async Task Health_answers_get_and_head_without_credentials(string path, string status)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var get = await gateway.Client.GetAsync(path);
        using var head = await gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        var body = await get.ReadJsonAsync();

        Assert.Equal(HttpStatusCode.OK, get.StatusCode);
        Assert.Equal(status, body.GetProperty("status").GetString());
        Assert.True(body.GetProperty("ok").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Readiness_is_503_with_the_reason_while_storage_is_missing()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("storage_unavailable", (await answer.ReadJsonAsync()).GetProperty("reasons")[0].GetString());
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "not_found")]
    [InlineData("POST", "/v1/nothing/here", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/v1/chat/completions", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("DELETE", "/v1/models", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("PUT", "/health", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [Trait("Feature", "F39")]
    [Trait("Feature", "F33")]
    public async Task A_path_or_method_that_nothing_serves_is_404_or_405_in_json(
        string method, string path, HttpStatusCode status, string code)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await answer.ReadErrorAsync()).Code);
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed, answer.Content.Headers.Allow.Count > 0);
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/api/nothing")]
    [InlineData("/tools/nothing")]
    [InlineData("/media/nothing")]
    [Trait("Feature", "F3")]
    public async Task Under_protected_prefixes_a_stranger_learns_nothing_about_routes(string path)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var answer = await gateway.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/v1%2fmodels")]
    [InlineData("/v1/%2e%2e/health")]
    [InlineData("/v1/../v1/models")]
    [InlineData("/v1/./models")]
    [InlineData("//v1/models")]
    [InlineData("/v1//models")]
    [InlineData("/v1/models;x=1")]
    [InlineData("/v1\\models")]
    [InlineData("/v1%5cmodels")]
    [InlineData("/v1/models%00")]
    [InlineData("/v1/chat%252fcompletions")]
    [InlineData("/%76%31/models%2f..")]
    [Trait("Feature", "T21")]
    public async Task Other_spellings_of_a_path_never_reach_a_handler(string path)
    {
        await using var gateway = await GatewayHost.StartAsync();
        Assert.Equal(400, await RawGetAsync(gateway, path, GatewayHost.Token));
    }

    [Fact]
    public async Task Endpoints_that_are_switched_off_are_404_and_name_their_switch()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c =>
        {
            c.Gateway.Http.Endpoints.ChatCompletions.Enabled = false;
            c.Gateway.Http.Endpoints.Messages.Enabled = false;
            c.Gateway.Http.Endpoints.Responses.Enabled = false;
        });
        using var chat = await gateway.PostChatAsync("{}");
        using var models = await gateway.Client.GetAsync("/v1/models");
        var error = await chat.ReadErrorAsync();

        Assert.Equal(HttpStatusCode.NotFound, chat.StatusCode);
        Assert.Equal("endpoint_disabled", error.Code);
        Assert.Contains("gateway.http.endpoints.chatCompletions.enabled", error.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, models.StatusCode);
    }

    /// <summary>Sends the path as it is written: clients would tidy it first.</summary>
    private static async Task<int> RawGetAsync(GatewayHost gateway, string path, string token)
    {
        var uri = new Uri(gateway.Url);
        using var client = new TcpClient();
        await client.ConnectAsync(uri.Host, uri.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {uri.Authority}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync();
        return int.Parse(line!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
