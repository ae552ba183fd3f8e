using System.Net;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;
using static OpenClaw.Tests.Gateway.Messages.MessagesGateway;

namespace OpenClaw.Tests.Gateway.Messages;

/// <summary>Refusals and failures in Anthropic's shape, and who is let in.</summary>
public class MessageErrorTests
{
    [Theory]
    [InlineData("", "messages")]
    [InlineData(""" "messages":[], """, "messages")]
    [InlineData(""" "messages":{}, """, "messages")]
    [InlineData(""" "messages":[1], """, "messages[0]")]
    [InlineData(""" "messages":[{"content":"x"}], """, "messages[0].role")]
    [InlineData(""" "messages":[{"role":"tool","content":"x"}], """, "messages[0].role")]
    [InlineData(""" "messages":[{"role":"user"}], """, "messages[0].content")]
    [InlineData(""" "messages":[{"role":"user","content":7}], """, "messages[0].content")]
    [InlineData(""" "messages":[{"role":"user","content":[{}]}], """, "messages[0].content[0].type")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"text"}]}], """, "messages[0].content[0].text")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"audio"}]}], """, "messages[0].content[0].type")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image"}]}], """, "messages[0].content[0].source")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"?"}}]}], """, "messages[0].content[0].source.data")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image","source":{"type":"ftp"}}]}], """,
        "messages[0].content[0].source.type")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"document","source":{"type":"text"}}]}], """,
        "messages[0].content[0].source.data")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"tool_result","content":"x"}]}], """,
        "messages[0].content[0].tool_use_id")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":"no"}]}], """,
        "messages[0].content[0].is_error")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"unknown"}]}], """, "messages")]
    [InlineData(""" "messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":"{}"}]}], """,
        "messages[0].content[0].input")]
    [InlineData(""" "messages":[{"role":"assistant","content":[{"type":"image"}]}], """, "messages[0].content[0].type")]
    [InlineData(""" "messages":[{"role":"assistant","content":[{"type":"thinking"}]}], """, "messages[0].content[0].thinking")]
    [InlineData(""" "max_tokens":0,"messages":[{"role":"user","content":"x"}], """, "max_tokens")]
    [InlineData(""" "max_tokens":"many","messages":[{"role":"user","content":"x"}], """, "max_tokens")]
    [InlineData(""" "temperature":1.5,"messages":[{"role":"user","content":"x"}], """, "temperature")]
    [InlineData(""" "top_p":-1,"messages":[{"role":"user","content":"x"}], """, "top_p")]
    [InlineData(""" "top_k":-1,"messages":[{"role":"user","content":"x"}], """, "top_k")]
    [InlineData(""" "stop_sequences":["a",null],"messages":[{"role":"user","content":"x"}], """, "stop_sequences[1]")]
    [InlineData(""" "system":[{"type":"image"}],"messages":[{"role":"user","content":"x"}], """, "system[0].type")]
    [InlineData(""" "thinking":{},"messages":[{"role":"user","content":"x"}], """, "thinking.type")]
    [InlineData(""" "thinking":{"type":"enabled"},"messages":[{"role":"user","content":"x"}], """, "thinking.budget_tokens")]
    [InlineData(""" "thinking":{"type":"enabled","budget_tokens":10},"messages":[{"role":"user","content":"x"}], """,
        "thinking.budget_tokens")]
    [InlineData(""" "output_config":{"effort":"much"},"messages":[{"role":"user","content":"x"}], """, "output_config.effort")]
    [InlineData(""" "output_config":{"format":{"type":"json_schema"}},"messages":[{"role":"user","content":"x"}], """,
        "output_config.format.schema")]
    [InlineData(""" "tools":{},"messages":[{"role":"user","content":"x"}], """, "tools")]
    [InlineData(""" "tools":[{"input_schema":{}}],"messages":[{"role":"user","content":"x"}], """, "tools[0].name")]
    [InlineData(""" "tools":[{"name":"a b","input_schema":{}}],"messages":[{"role":"user","content":"x"}], """, "tools[0].name")]
    [InlineData(""" "tools":[{"name":"f"}],"messages":[{"role":"user","content":"x"}], """, "tools[0].input_schema")]
    [InlineData(""" "tools":[{"name":"f","input_schema":{}},{"name":"f","input_schema":{}}],"messages":[{"role":"user","content":"x"}], """, "tools[1].name")]
    [InlineData(""" "tools":[{"type":"web_search_20250305","name":"web_search"}],"messages":[{"role":"user","content":"x"}], """,
        "tools[0].type")]
    [InlineData(""" "tool_choice":"auto","messages":[{"role":"user","content":"x"}], """, "tool_choice")]
    [InlineData(""" "tool_choice":{"type":"any"},"messages":[{"role":"user","content":"x"}], """, "tool_choice.type")]
    [InlineData(""" "tool_choice":{"type":"tool","name":"f"},"messages":[{"role":"user","content":"x"}], """, "tool_choice.name")]
    public async Task A_bad_request_is_a_400_that_names_the_field(string fields, string param)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var more = fields.Contains("max_tokens", StringComparison.Ordinal) ? "" : "\"max_tokens\":10,";
        using var answer = await gateway.PostMessageAsync($$"""{{{more}}{{fields}}"model":"openclaw"}""");
        var (type, message) = await answer.ReadAnthropicErrorAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request_error"), (answer.StatusCode, type));
        Assert.Contains(param, message, StringComparison.Ordinal);
        Assert.Equal("false", answer.Headers.GetValues("x-should-retry").Single());
    }

    [Fact]
    public async Task A_thread_is_refused_with_the_code_that_lets_clients_go_on_without_it()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostMessageAsync(Hello("\"thread\":{\"type\":\"create\"},", "openclaw"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            "thread_unsupported_request",
            (await answer.ReadJsonAsync()).GetProperty("error").GetProperty("details").GetProperty("error_code").GetString());
    }

    [Fact]
    public async Task Max_tokens_is_required()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostMessageAsync("""{"model":"openclaw","messages":[{"role":"user","content":"x"}]}""");

        Assert.Contains("max_tokens", (await answer.ReadAnthropicErrorAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, 429, "rate_limit_error", false)]
    [InlineData(401, 502, "api_error", false)]
    [InlineData(400, 400, "invalid_request_error", true)]
    public async Task A_failure_of_the_provider_has_anthropics_type_for_its_status(
        int upstreamStatus, int status, string type, bool isFinal)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => call.RespondAsync(upstreamStatus, """{"error":{"message":"no"}}""", headers: ("Retry-After", "3600")));
        foreach (var stream in (string[])["", "\"stream\":true,"])
        {
            using var answer = await gateway.PostMessageAsync(Hello(stream));

            Assert.Equal((status, type), ((int)answer.StatusCode, (await answer.ReadAnthropicErrorAsync()).Type));
            Assert.Equal(isFinal, answer.Headers.Contains("x-should-retry"));
        }
    }

    [Fact]
    public async Task A_context_that_is_too_long_is_said_in_the_words_clients_look_for()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => call.RespondAsync(400, """{"error":{"message":"too long","code":"context_length_exceeded"}}"""));
        using var answer = await gateway.PostMessageAsync(Hello());

        Assert.StartsWith("prompt is too long", (await answer.ReadAnthropicErrorAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_before_any_handler_have_the_shape_too()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Gateway.Http.Endpoints.Messages.MaxBodyBytes = 2_000);
        await IsErrorAsync(gateway.PostMessageAsync(Hello(model: "nobody")), 404, "not_found_error");
        await IsErrorAsync(gateway.PostMessageAsync(Hello($"\"x\":\"{new string('x', 3_000)}\",")), 413, "request_too_large");
        await IsErrorAsync(gateway.PostMessageAsync("{"), 400, "invalid_request_error");
        await IsErrorAsync(gateway.Client.GetAsync(MessagesPath), 405, "invalid_request_error");
        await IsErrorAsync(gateway.Client.GetAsync(MessagesPath + "/unknown"), 404, "not_found_error");
        await IsErrorAsync(gateway.PostMessageAsync(
            Hello(), r => r.Headers.Authorization = new("Bearer", "wrong")), 401, "authentication_error");

        static async Task IsErrorAsync(Task<HttpResponseMessage> sent, int status, string type)
        {
            using var answer = await sent;
            Assert.Equal((status, type), ((int)answer.StatusCode, (await answer.ReadAnthropicErrorAsync()).Type));
            Assert.Equal("false", answer.Headers.GetValues("x-should-retry").Single());
        }
    }

    [Theory]
    [InlineData("/v1/messages", """{"model":"openclaw","max_tokens":9,"messages":[{"role":"user","content":"x"}]}""", 200)]
    [InlineData("/v1/messages/count_tokens", """{"model":"openclaw","messages":[{"role":"user","content":"x"}]}""", 200)]
    [InlineData("/v1/chat/completions", """{"model":"openclaw","messages":[{"role":"user","content":"x"}]}""", 401)]
    [InlineData("/v1/responses", """{"model":"openclaw","input":"x","store":false}""", 401)]
    public async Task The_api_key_header_counts_on_this_surface_only(string path, string body, int status)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var right = await gateway.PostAsync(path, body, r => WithKey(r, GatewayHost.Token));
        using var wrong = await gateway.PostAsync(path, body, r => WithKey(r, "wrong"));
        using var both = await gateway.PostAsync(path, body, r =>
        {
            WithKey(r, GatewayHost.Token);
            r.Headers.Authorization = new("Bearer", "wrong");
        });

        Assert.Equal(status, (int)right.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, both.StatusCode); // the standard header wins

        void WithKey(HttpRequestMessage request, string key)
        {
            gateway.Client.DefaultRequestHeaders.Authorization = null;
            request.Headers.Add("x-api-key", key);
        }
    }

    [Fact]
    public async Task The_endpoint_is_off_by_default()
    {
        Assert.False(new GatewayConfig().Gateway.Http.Endpoints.Messages.Enabled);
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Gateway.Http.Endpoints.Messages.Enabled = false);
        foreach (var path in (string[])[MessagesPath, MessagesPath + "/count_tokens"])
        {
            using var answer = await gateway.PostAsync(path, Hello());
            var (type, message) = await answer.ReadAnthropicErrorAsync();

            Assert.Equal((HttpStatusCode.NotFound, "not_found_error"), (answer.StatusCode, type));
            Assert.Contains("gateway.http.endpoints.messages.enabled", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions", 401, true)]
    [InlineData("/api/status", 401, false)]
    public async Task Under_v1_alone_a_final_refusal_says_that_a_retry_is_of_no_use(string path, int status, bool says)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        using var answer = path.StartsWith("/v1", StringComparison.Ordinal) ? await gateway.PostAsync(path, "{}")
            : await gateway.Client.GetAsync(path);

        Assert.Equal((status, says), ((int)answer.StatusCode, answer.Headers.Contains("x-should-retry")));
    }
}
