using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Mcp;

/// <summary>The gateway's own tools over <c>/mcp</c>, message by message.</summary>
public sealed class McpServerTests(TokenHosts hosts) : IClassFixture<TokenHosts>
{
    private static readonly string[] Dangerous = ["exec", "fs_write", "cron", "sessions_send"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_hosts_speak_the_protocol(bool isWorker)
    {
        var client = (isWorker, hosts);
        var started = await AskAsync(
            client, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}""");
        Assert.Equal(HttpStatusCode.OK, started.Status);
        Assert.Equal("2025-06-18", started.Body.GetProperty("result").GetProperty("protocolVersion").GetString());
        Assert.Equal("openclaw-functions", started.Body.GetProperty("result").GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.True(started.Body.GetProperty("result").GetProperty("capabilities").TryGetProperty("tools", out _));

        var told = await AskAsync(client, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        Assert.Equal((HttpStatusCode.Accepted, JsonValueKind.Undefined), (told.Status, told.Body.ValueKind));
        var pinged = await AskAsync(client, """{"jsonrpc":"2.0","id":"p-1","method":"ping"}""");
        Assert.Equal("""{"jsonrpc":"2.0","id":"p-1","result":{}}""", pinged.Body.GetRawText());
        var listed = await AskAsync(client, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
        Assert.Equal(JsonValueKind.Array, listed.Body.GetProperty("result").GetProperty("tools").ValueKind);
        var unknown = await AskAsync(client, """{"jsonrpc":"2.0","id":3,"method":"resources/list"}""");
        Assert.Equal((HttpStatusCode.OK, -32601), (unknown.Status, CodeOf(unknown.Body)));

        using var anonymous = await hosts.SendAsync(isWorker, HttpMethod.Post, "/mcp", "{}");
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal("Bearer", Assert.Single(anonymous.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(-32000, CodeOf(await anonymous.ReadJsonAsync()));
        using var foreign = await hosts.SendAsync(
            isWorker, HttpMethod.Post, "/mcp", "{}", TokenHosts.Token, ("Origin", TwoHosts.Stranger));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal("origin_not_allowed", DataCodeOf(await foreign.ReadJsonAsync()));
        using var friendly = await hosts.SendAsync(
            isWorker, HttpMethod.Post, "/mcp", """{"jsonrpc":"2.0","id":1,"method":"ping"}""", TokenHosts.Token,
            ("Origin", TwoHosts.Friend));
        Assert.Equal(HttpStatusCode.OK, friendly.StatusCode);
        using var stream = await hosts.SendAsync(isWorker, HttpMethod.Get, "/mcp", null, TokenHosts.Token);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, stream.StatusCode);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest, -32700)]
    [InlineData("[]", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""{"id":1,"method":"ping"}""", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":7}""", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\ud800"}""", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""", HttpStatusCode.BadRequest, -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}""", HttpStatusCode.OK, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", HttpStatusCode.OK, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nothing"}}""", HttpStatusCode.OK, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":[]}}""", HttpStatusCode.OK, -32602)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"server/discover"}""", HttpStatusCode.OK, -32601)]
    public async Task Bad_messages_are_errors_of_the_protocol(string message, HttpStatusCode status, int code)
    {
        var answer = await AskAsync((false, hosts), message);

        Assert.Equal((status, code), (answer.Status, CodeOf(answer.Body)));
    }

    [Fact]
    public async Task An_answer_of_a_client_is_taken_and_another_version_is_refused_with_those_that_are_spoken()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync((false, hosts), """{"jsonrpc":"2.0","id":1,"result":{}}""")).Status);
        using var answer = await hosts.SendAsync(
            false, HttpMethod.Post, "/mcp", """{"jsonrpc":"2.0","id":4,"method":"ping"}""", TokenHosts.Token,
            ("MCP-Protocol-Version", "2999-01-01"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var body = await answer.ReadJsonAsync();
        Assert.Equal(4, body.GetProperty("id").GetInt32());
        Assert.Contains(
            "2025-06-18", body.GetProperty("error").GetProperty("data").GetProperty("supported").GetRawText(), StringComparison.Ordinal);
        using var known = await hosts.SendAsync(
            false, HttpMethod.Post, "/mcp", """{"jsonrpc":"2.0","id":4,"method":"ping"}""", TokenHosts.Token,
            ("MCP-Protocol-Version", "2025-03-26"), ("Mcp-Session-Id", "of-another-server"));
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T22")]
    public async Task Dangerous_tools_are_neither_listed_nor_called()
    {
        var calls = 0;
        var tools = new TestTools([
            new TestTool("find", (call, _) => Task.FromResult(new ToolResult(
                [new TextPart(call.Arguments.GetRawText()), new ImagePart("data:image/png;base64,AAAA")]))),
            new TestTool("broken", (_, _) => throw new ToolException("No such file.")),
            new TestTool("secret"),
            .. Dangerous.Select(name => new TestTool(name, (_, _) => Task.FromResult(ToolResult.Of($"{++calls}")))),
        ]);
        await using var gateway = await GatewayHost.StartAsync(
            configure: config =>
            {
                config.Gateway.Http.Endpoints.Mcp.Enabled = true;
                config.Tools = config.Tools with { RequireApproval = ["secret"] };
            },
            services: services => services.AddSingleton<IToolSource>(tools));

        var listed = await CallAsync(gateway, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        var names = listed.GetProperty("result").GetProperty("tools").EnumerateArray()
            .Select(tool => tool.GetProperty("name").GetString()).ToList();
        Assert.Contains("find", names);
        Assert.Empty(names.Intersect(Dangerous));
        foreach (var name in Dangerous)
        {
            var refused = await CallAsync(gateway, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{name}}}"}}""");
            Assert.Equal(-32602, CodeOf(refused));
        }

        Assert.Equal(0, calls);
        var found = await CallAsync(
            gateway, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find","arguments":{"n":2}}}""");
        Assert.Equal(
            """{"content":[{"type":"text","text":"{\"n\":2}"},{"type":"image","mimeType":"image/png","data":"AAAA"}],"isError":false}""",
            found.GetProperty("result").GetRawText());
        var broken = await CallAsync(gateway, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"broken"}}""");
        Assert.Equal(
            """{"content":[{"type":"text","text":"No such file."}],"isError":true}""", broken.GetProperty("result").GetRawText());
        var held = await CallAsync(gateway, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"secret"}}""");
        Assert.True(held.GetProperty("result").GetProperty("isError").GetBoolean());
    }

    [Fact]
    public async Task The_endpoint_is_off_until_it_is_switched_on()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostAsync("/mcp", """{"jsonrpc":"2.0","id":1,"method":"ping"}""");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("endpoint_disabled", DataCodeOf(await answer.ReadJsonAsync()));
    }

    private static async Task<JsonElement> CallAsync(GatewayHost gateway, string message)
    {
        using var answer = await gateway.PostAsync("/mcp", message);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.ReadJsonAsync();
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync((bool IsWorker, TokenHosts Hosts) at, string message)
    {
        using var answer = await at.Hosts.SendAsync(at.IsWorker, HttpMethod.Post, "/mcp", message, TokenHosts.Token);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    /// <summary>The gateway's own code.</summary>
    private static string? DataCodeOf(JsonElement body) =>
        body.GetProperty("error").GetProperty("data").GetProperty("code").GetString();

    private static int CodeOf(JsonElement body) => body.GetProperty("error").GetProperty("code").GetInt32();
}
