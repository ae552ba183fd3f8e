using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Tools;
using OpenClaw.Tools;
using Xunit;

namespace OpenClaw.Tests.Gateway.Tools;

public class InvokeToolTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("/tools/invoke", """{"tool":"fs_read","arguments":{"path":"a.md"}}""")]
    [InlineData("/v1/tools/invoke", """{"tool":"fs_read","arguments":{"path":"a.md"}}""")]
    [InlineData("/v1/tools/invoke", """{"name":"fs_read","tool":"fs_write","args":{"path":"a.md"}}""")]
    [InlineData("/tools/invoke", """{"tool":"fs_read","args":{"path":"a.md"},"arguments":{"path":"a.md"},"agentId":"main"}""")]
    [Trait("Feature", "F69")]
    [Trait("Feature", "D1")]
    [Trait("Feature", "D2")]
    public async Task A_tool_is_called_by_either_path_and_either_spelling(string path, string body)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await gateway.CallAsync("fs_write", new { path = "a.md", content = "hello" });

        using var answer = await gateway.PostAsync(path, body);

        var json = await answer.ReadJsonAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(json.GetProperty("ok").GetBoolean());
        Assert.Equal("hello", json.GetProperty("result").GetProperty("content")[0].Text("text"));
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task An_image_comes_as_base64()
    {
        await using var gateway = await StartAsync(new TestTool("look", (_, _) => Task.FromResult(
            new ToolResult([new ImagePart("data:image/png;base64,AQID")]))));

        using var answer = await gateway.PostAsync("/tools/invoke", """{"tool":"look"}""");

        var part = (await answer.ReadJsonAsync()).GetProperty("result").GetProperty("content")[0];
        Assert.Equal(("image", "AQID", "image/png"), (part.Text("type"), part.Text("data"), part.Text("mimeType")));
    }

    [Theory]
    [InlineData("{}", 400, "missing_required_parameter")]
    [InlineData("[]", 400, "invalid_type")]
    [InlineData("", 400, "invalid_json")]
    [InlineData("""{"tool":7}""", 400, "invalid_type")]
    [InlineData("""{"tool":"nothing"}""", 404, "tool_not_found")]
    [InlineData("""{"tool":"fs_read","args":[]}""", 400, "invalid_type")]
    [InlineData("""{"tool":"fs_read","args":{"path":"a"},"arguments":{"path":"b"}}""", 400, "invalid_value")]
    [InlineData("""{"tool":"fs_read","args":{}}""", 400, "invalid_argument")]
    [InlineData("""{"tool":"fs_read","args":{"path":["a"]}}""", 400, "invalid_argument")]
    [InlineData("""{"tool":"fs_read","args":{"path":"a","offset":"1"}}""", 400, "invalid_argument")]
    [InlineData("""{"tool":"fs_read","args":{"path":"a","what":1}}""", 400, "invalid_argument")]
    [InlineData("""{"tool":"fs_read","args":{"path":"missing.md"}}""", 400, "tool_error")]
    [InlineData("""{"tool":"fs_read","args":{"path":"../../etc/passwd"}}""", 400, "tool_error")]
    [InlineData("""{"tool":"fs_read","args":{"path":"a\u0000"}}""", 400, "invalid_text")]
    [InlineData("""{"tool":"fs_read","args":{"path":"\ud800"}}""", 400, "invalid_text")]
    [InlineData("""{"tool":"fs_read","args":{"path":"a","path":"b"}}""", 400, "duplicate_key")]
    [InlineData("""{"tool":"fs_read","agentId":"ghost","args":{"path":"a"}}""", 404, "model_not_found")]
    [InlineData("""{"tool":"fs_read","sessionKey":"cron:x","args":{"path":"a"}}""", 400, "invalid_session_key")]
    [InlineData("""{"tool":"fs_read","sessionKey":"agent:main:x","agentId":"two","args":{"path":"a"}}""", 400, "invalid_session_key")]
    [InlineData("""{"tool":"fs_read","idempotencyKey":"","args":{"path":"a"}}""", 400, "invalid_value")]
    [Trait("Feature", "F69")]
    [Trait("Feature", "D11")]
    public async Task What_is_wrong_is_said_in_the_shape_of_tools(string body, int status, string type)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, c => c.Agents.Entries =
            new Dictionary<string, AgentSection> { ["main"] = new(), ["two"] = new() });

        using var answer = await gateway.PostAsync("/v1/tools/invoke", body);

        var json = await answer.ReadJsonAsync();
        Assert.Equal((status, type), ((int)answer.StatusCode, json.GetProperty("error").Text("type")));
        Assert.False(json.GetProperty("ok").GetBoolean());
        Assert.NotEmpty(json.GetProperty("error").Text("message"));
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task Nothing_deep_or_large_is_taken()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var deep = $$$"""{"tool":"fs_read","args":{"path":{{{new string('[', 5_000)}}}{{{new string(']', 5_000)}}}}}""";
        var large = $$$"""{"tool":"fs_read","args":{"path":"{{{new string('x', 2_000_001)}}}"}}""";

        using var refused = await gateway.PostAsync("/tools/invoke", deep);
        using var tooLarge = await gateway.PostAsync("/tools/invoke", large);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tools/invoke");
        request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("{\"tool\":\"" + new string('x', 3_000_000))));
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = true;
        using var chunked = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, chunked.StatusCode);
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task Fifty_megabytes_are_refused_by_their_header()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var connection = await RawConnection.OpenAsync(gateway.Url);

        await connection.SendAsync(
            $"POST /tools/invoke HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {GatewayHost.Token}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 52428800\r\n\r\n{");

        Assert.Equal(413, await connection.ReadAnswerAsync());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [Trait("Feature", "F69")]
    public async Task Other_methods_are_405(string method)
    {
        await using var gateway = await GatewayHost.StartAsync();

        foreach (var path in new[] { "/tools/invoke", "/v1/tools/invoke" })
        {
            using var answer = await gateway.SendAsync(new HttpMethod(method), path, GatewayHost.Token);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Contains("POST", answer.Content.Headers.Allow);
        }
    }

    [Theory]
    [InlineData("gatewayUrl")]
    [InlineData("baseUrl")]
    [InlineData("endpoint")]
    [InlineData("base_url")]
    [InlineData("GATEWAYURL")]
    [Trait("Feature", "T2")]
    public async Task No_argument_may_name_another_gateway_even_where_the_schema_is_open(string argument)
    {
        await using var internet = await FakeInternet.StartAsync();
        var called = 0;
        await using var gateway = await StartAsync(
            new TestTool("open", (_, _) => Task.FromResult(ToolResult.Of($"{++called}"))), internet.Install);

        using var answer = await gateway.PostAsync(
            "/tools/invoke", $$$"""{"tool":"open","args":{"{{{argument}}}":"https://evil.example.com"}}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, called);
        Assert.Empty(internet.Dials);
    }

    [Theory]
    [InlineData("fs_write")]
    [InlineData("FS_WRITE")]
    [InlineData("fs_delete")]
    [InlineData("cron")]
    [InlineData("sessions_send")]
    [InlineData("exec")]
    [InlineData("\uff46\uff53_write")]
    [Trait("Feature", "T22")]
    public async Task A_hard_denied_tool_is_the_same_404_as_an_unknown_one(string name)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);

        using var denied = await gateway.PostAsync(
            "/tools/invoke", ToolGateway.Write(new { tool = name, args = new { path = "x", content = "y" } }));
        using var unknown = await gateway.PostAsync("/tools/invoke", """{"tool":"@@"}""");

        Assert.Equal(HttpStatusCode.NotFound, denied.StatusCode);
        Assert.Equal(
            (await unknown.Content.ReadAsStringAsync()).Replace("@@", "?", StringComparison.Ordinal),
            (await denied.ReadJsonAsync()).GetRawText().Replace(ToolGateway.Write(name)[1..^1], "?", StringComparison.Ordinal)
                .Replace(name, "?", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task The_owner_may_lift_a_denied_tool()
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Tools = new GatewayToolsSection { Allow = ["fs_write"] });
        var key = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        const string Call = """{"tool":"fs_write","args":{"path":"a.md","content":"x"}}""";

        using var owner = await gateway.PostAsync("/tools/invoke", Call);
        using var other = await gateway.PostAsync("/tools/invoke", Call, r => r.Use(key.Text));

        Assert.Equal(HttpStatusCode.OK, owner.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task A_tool_that_needs_an_approval_is_403_and_not_called()
    {
        var called = 0;
        await using var gateway = await StartAsync(
            new TestTool("risky", (_, _) => Task.FromResult(ToolResult.Of($"{++called}"))),
            configure: c => c.Tools = c.Tools with { RequireApproval = ["risky"] });

        foreach (var body in new[] { """{"tool":"risky"}""", """{"tool":"risky","dryRun":true}""" })
        {
            using var answer = await gateway.PostAsync("/tools/invoke", body);
            var error = (await answer.ReadJsonAsync()).GetProperty("error");
            Assert.Equal(
                (HttpStatusCode.Forbidden, "tool_blocked", true),
                (answer.StatusCode, error.Text("type"), error.GetProperty("requiresApproval").GetBoolean()));
        }

        Assert.Equal(0, called);
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task A_dry_run_checks_the_call_and_does_not_make_it()
    {
        var called = 0;
        await using var gateway = await StartAsync(new TestTool("count", (_, _) => Task.FromResult(ToolResult.Of($"{++called}"))));

        using var good = await gateway.PostAsync("/tools/invoke", """{"tool":"count","dryRun":true}""");
        using var wrong = await gateway.PostAsync("/tools/invoke", """{"tool":"count","dryRun":true,"args":{"n":"x"}}""");

        var result = (await good.ReadJsonAsync()).GetProperty("result");
        Assert.Equal(("count", true), (result.Text("tool"), result.GetProperty("dryRun").GetBoolean()));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(0, called);
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task The_tool_sees_who_calls_and_from_where()
    {
        ToolContext? seen = null;
        await using var gateway = await StartAsync(new TestTool("who", (call, _) =>
        {
            seen = call.Context;
            return Task.FromResult(ToolResult.Of("ok"));
        }));

        using var answer = await gateway.PostAsync("/tools/invoke", """{"tool":"who","sessionKey":"main"}""", r =>
        {
            r.Headers.Add("x-openclaw-message-channel", "telegram");
            r.Headers.Add("x-openclaw-account-id", "acc");
            r.Headers.Add("x-openclaw-message-to", "42");
            r.Headers.Add("x-openclaw-thread-id", "7");
        });

        Assert.Equal(("telegram", "acc", "42", "7"), (seen!.Channel, seen.ChannelAccount, seen.ChannelTo, seen.ChannelThread));
        Assert.Equal(("agent:main:main", "main", Caller.OperatorSubject), (seen.Session!.Key, seen.Agent.Id, seen.Caller.Subject));
    }

    [Fact]
    [Trait("Feature", "T5")]
    public async Task A_key_calls_tools_of_its_agents_only()
    {
        await using var gateway = await StartAsync(new TestTool("who"), configure: c => c.Agents.Entries =
            new Dictionary<string, AgentSection> { ["main"] = new(), ["two"] = new() });
        var key = await gateway.CreateKeyAsync("""{"name":"w","scopes":["operator.write"],"allowedAgents":["two"]}""");

        using var allowed = await gateway.PostAsync("/tools/invoke", """{"tool":"who","agentId":"two"}""", r => r.Use(key.Text));
        using var refused = await gateway.PostAsync("/tools/invoke", """{"tool":"who"}""", r => r.Use(key.Text));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (allowed.StatusCode, refused.StatusCode));
    }

    [Fact]
    [Trait("Feature", "F69")]
    public async Task An_action_is_no_argument_of_a_tool_that_has_none()
    {
        JsonElement seen = default;
        await using var gateway = await StartAsync(new TestTool("count", (call, _) =>
        {
            seen = call.Arguments;
            return Task.FromResult(ToolResult.Of("ok"));
        }));

        using var answer = await gateway.PostAsync("/tools/invoke", """{"tool":"count","action":"go","args":{"n":1}}""");

        Assert.Equal("""{"n":1}""", seen.GetRawText());
    }

    private Task<GatewayHost> StartAsync(
        ITool tool, Action<IServiceCollection>? services = null, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(azurite.StorageAccount, configure, s =>
        {
            s.AddSingleton<IToolSource>(new TestTools(tool));
            services?.Invoke(s);
        });
}
