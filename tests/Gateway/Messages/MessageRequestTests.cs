using System.Text;
using System.Text.Json;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using Xunit;
using static OpenClaw.Tests.Gateway.Messages.MessagesGateway;

namespace OpenClaw.Tests.Gateway.Messages;

/// <summary>What of a request reaches the provider.</summary>
public class MessageRequestTests
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task What_the_caller_sends_reaches_the_provider()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, configure: c => c.Agents.Defaults.SystemPrompt = "Agent prompt.");
        await gateway.CreateMessageAsync($$$$"""
            {"model":"mock/test-model","max_tokens":50,"temperature":0.3,"top_p":0.9,"stop_sequences":["x"],"metadata":{"user_id":"{{{{new string('u', 100)}}}}"},
             "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=1"},{"type":"text","text":"Caller prompt.","cache_control":{"type":"ephemeral"}}],
             "tools":[{"name":"lookup","description":"Looks up.","input_schema":{"type":"object","properties":{"q":{"type":"string"}}},"cache_control":{"type":"ephemeral"}}],
             "tool_choice":{"type":"tool","name":"lookup","disable_parallel_tool_use":true},
             "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},
             "context_management":{"edits":[]},"service_tier":"auto","some_future_field":{"x":1},
             "messages":[
               {"role":"user","content":[{"type":"text","text":"Look: ","citations":null},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{{Png}}}}"}}]},
               {"role":"assistant","content":[{"type":"text","text":"One moment."},{"type":"tool_use","id":"t1","name":"lookup","input":{"q": 1}},{"type":"tool_use","id":"t2","name":"lookup","input":{}}]},
               {"role":"user","content":[{"type":"text","text":"Go on"},
                 {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"found"}]},
                 {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":"not found"}]},
               {"role":"system","content":"Be brief."}]}
            """);
        var sent = upstream.Requests[0].Body;
        var messages = sent.GetProperty("messages");

        Assert.Equal(["system", "user", "assistant", "tool", "tool", "user"], messages.EnumerateArray().Select(
            m => m.GetProperty("role").GetString()));
        Assert.Equal("Agent prompt.\n\nCaller prompt.\n\nBe brief.", messages[0].GetProperty("content").GetString());
        Assert.Equal("image_url", messages[1].GetProperty("content")[1].GetProperty("type").GetString());
        Assert.Equal("One moment.", messages[2].GetProperty("content").GetString());
        Assert.Equal("{\"q\": 1}", messages[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(("t1", "found"), (
            messages[3].GetProperty("tool_call_id").GetString(), messages[3].GetProperty("content").GetString()));
        Assert.Equal(("t2", "Error: not found"), (
            messages[4].GetProperty("tool_call_id").GetString(), messages[4].GetProperty("content").GetString()));
        Assert.Equal(0.3, sent.GetProperty("temperature").GetDouble(), 3);
        Assert.Equal(50, sent.GetProperty("max_tokens").GetInt32());
        Assert.Equal("x", sent.GetProperty("stop")[0].GetString());
        Assert.False(sent.GetProperty("parallel_tool_calls").GetBoolean());
        Assert.Equal("lookup", sent.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("json_schema", sent.GetProperty("response_format").GetProperty("type").GetString());
        Assert.InRange(sent.GetProperty("safety_identifier").GetString()!.Length, 1, 64);
    }

    [Theory]
    [InlineData(""" {"type":"auto"} """, null)]
    [InlineData(""" {"type":"any"} """, "\"required\"")]
    [InlineData(""" {"type":"none"} """, null)]
    public async Task A_tool_choice_is_passed_on(string choice, string? sent)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await gateway.CreateMessageAsync(Hello($"{WeatherTools},\"tool_choice\":{choice},"));

        var body = upstream.Requests[0].Body;
        Assert.Equal(sent ?? (choice.Contains("auto", StringComparison.Ordinal) ? "\"auto\"" : null), body.TryGetProperty(
            "tool_choice", out var found) ? found.GetRawText() : null);
        Assert.Equal(!choice.Contains("none", StringComparison.Ordinal), body.TryGetProperty("tools", out _));
    }

    [Fact]
    public async Task One_call_at_a_time_is_one_call_whatever_the_model_does()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_a", "get_weather", "{}");
            await call.SendCallAsync(1, "call_b", "get_time", "{}");
            await call.FinishAsync("tool_calls");
        });
        var message = await gateway.CreateMessageAsync(
            Hello(WeatherTools + """, "tool_choice":{"type":"auto","disable_parallel_tool_use":true},"""));

        Assert.Equal("call_a", Assert.Single(message.GetProperty("content").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_failed_tool_is_marked_where_the_provider_has_a_field_for_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, Anthropic);
        await gateway.CreateMessageAsync(Conversation(
            """
            {"role":"user","content":"Hello"},
            {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"get_time","input":{}},{"type":"tool_use","id":"t2","name":"get_time","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"noon"},{"type":"tool_result","tool_use_id":"t2","content":"no clock","is_error":true}]}
            """,
            WeatherTools + """, "top_k":7,"metadata":{"user_id":"ann"}, """));
        var sent = upstream.Requests[0].Body;

        Assert.Equal(
            """
            [{"type":"tool_result","tool_use_id":"t1","content":"noon"},{"type":"tool_result","tool_use_id":"t2","is_error":true,"content":"no clock"}]
            """,
            sent.GetProperty("messages")[2].GetProperty("content").GetRawText());
        Assert.Equal(7, sent.GetProperty("top_k").GetInt32());
        Assert.Equal("ann", sent.GetProperty("metadata").GetProperty("user_id").GetString());
    }

    [Fact]
    public async Task A_pdf_is_given_to_a_model_that_reads_it_and_text_to_any()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, Anthropic, c => c.Models.Providers["mock"].Models = [new() { Id = "test-model", Input = ["text", "pdf"] }]);
        var pdf = Convert.ToBase64String(PdfSamples.Text("native"));
        await gateway.CreateMessageAsync(Conversation($$$"""
            {"role":"user","content":[
              {"type":"document","title":"a.pdf","context":"The offer.","source":{"type":"base64","media_type":"application/pdf","data":"{{{pdf}}}"}},
              {"type":"document","title":"notes","source":{"type":"text","media_type":"text/plain","data":"Buy milk – soon."}},
              {"type":"document","source":{"type":"content","content":[{"type":"text","text":"inline"}]}},
              {"type":"search_result","source":"https://example.com","title":"Found","content":[{"type":"text","text":"a hit"}]},
              {"type":"text","text":"Read"}]}
            """));
        var sent = upstream.Requests[0].Body;
        var content = sent.GetProperty("messages")[0].GetProperty("content").EnumerateArray().ToList();

        Assert.Equal("The offer.", content[0].GetProperty("text").GetString());
        Assert.Equal(("document", "a.pdf"), (content[1].GetProperty("type").GetString(), content[1].GetProperty("title").GetString()));
        Assert.Equal(pdf, content[1].GetProperty("source").GetProperty("data").GetString());
        Assert.Equal(["inline", "Found\nhttps://example.com\na hit", "Read"], content[^3..].Select(c => c.GetProperty("text").GetString()));
        Assert.Contains("Buy milk – soon.", sent.GetProperty("system").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_and_documents_come_from_urls_and_from_tools_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Models.Providers = new Dictionary<string,
                OpenClaw.Configuration.ProviderSection>
            { ["mock"] = upstream.ProviderConfig(Anthropic) },
            services: internet.Install);
        internet.Serve("images.example.com", async context =>
        {
            context.Response.ContentType = "image/png";
            await context.Response.Body.WriteAsync(Convert.FromBase64String(Png));
        });
        internet.Serve("files.example.com", async context =>
        {
            context.Response.ContentType = "text/plain";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("from afar"));
        });
        await gateway.CreateMessageAsync(Conversation($$$"""
            {"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://images.example.com/a.png"}},{"type":"document","source":{"type":"url","url":"https://files.example.com/a.txt"}}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"get_time","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"{{{Png}}}"}}]}]}
            """, WeatherTools + ","));
        var sent = upstream.Requests[0].Body;

        Assert.Equal("image", sent.GetProperty("messages")[0].GetProperty("content")[0].GetProperty("type").GetString());
        Assert.Contains("from afar", sent.GetProperty("system").GetString(), StringComparison.Ordinal);
        Assert.Equal("image", sent.GetProperty("messages")[2].GetProperty("content")[0].GetProperty("content")[0].GetProperty(
            "type").GetString());
    }

    [Fact]
    public async Task Only_the_callers_tools_are_offered_as_the_last_change_left_them()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        const string tools = """
            "tools":[{"name":"a","input_schema":{"type":"object"}},{"name":"b","defer_loading":true,"input_schema":{"type":"object"}},{"name":"c","input_schema":{"type":"object"}},
              {"type":"tool_search_tool_regex_20251119","name":"tool_search_tool_regex"}],
            """;
        await gateway.CreateMessageAsync(Conversation(
            """
            {"role":"user","content":"Hello"},
            {"role":"system","content":[{"type":"tool_removal","tool":{"type":"tool_reference","name":"a"}},{"type":"tool_removal","tool":{"type":"tool_reference","name":"c"}},{"type":"text","text":"New tools."}]},
            {"role":"system","content":[{"type":"tool_addition","tool":{"type":"tool_reference","name":"c"}},{"type":"tool_addition","tool":{"name":"d","input_schema":{"type":"object"}}}]}
            """, tools));

        Assert.Equal(["b", "c", "d"], upstream.Requests[0].Body.GetProperty("tools").EnumerateArray().Select(
            t => t.GetProperty("function").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Blocks_that_tools_of_anthropic_left_in_a_history_are_passed_over()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await gateway.CreateMessageAsync(Conversation("""
            {"role":"user","content":"Search"},
            {"role":"assistant","content":[{"type":"server_tool_use","id":"s1","name":"web_search","input":{}},{"type":"web_search_tool_result","tool_use_id":"s1","content":[]},{"type":"text","text":"Found."}]},
            {"role":"user","content":[{"type":"text","text":"Go on"},{"type":"text","text":"!"}]}
            """));

        Assert.Equal(["Search", "Found."], upstream.Requests[0].Body.GetProperty("messages").EnumerateArray().Take(2).Select(
            m => m.GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Headers_and_query_of_anthropics_clients_change_nothing()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostAsync(MessagesPath + "?beta=true", Hello(model: "openclaw"), r =>
        {
            r.Headers.Add("anthropic-version", "2023-06-01");
            r.Headers.Add("anthropic-beta", "claude-code-20250219,some-future-beta");
            r.Headers.Add("anthropic-dangerous-direct-browser-access", "true");
        });

        Assert.Equal("Hello", (await answer.ReadJsonAsync()).GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Tokens_are_counted_25_times_at_once_and_grow_with_what_is_sent()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var counts = await Task.WhenAll(Enumerable.Range(1, 25).Select(async n =>
        {
            using var answer = await gateway.PostAsync(
                MessagesPath + "/count_tokens?beta=true",
                    $$"""{"model":"openclaw","system":"s","messages":[{"role":"user","content":"{{new string('x', n * 400)}}"}]}""");
            return (await answer.ReadJsonAsync()).GetProperty("input_tokens").GetInt64();
        }));
        using var tools = await gateway.PostAsync(
            MessagesPath + "/count_tokens", $$"""{"model":"openclaw",{{WeatherTools}},"messages":[{"role":"user","content":"x"}]}""");
        using var unknown = await gateway.PostAsync(
            MessagesPath + "/count_tokens", """{"model":"nobody","messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal(Enumerable.Range(1, 25).Select(n => (n * 100) + 1L), counts);
        Assert.InRange((await tools.ReadJsonAsync()).GetProperty("input_tokens").GetInt64(), 20, 60);
        Assert.Equal("not_found_error", (await unknown.ReadAnthropicErrorAsync()).Type);
    }

    [Fact]
    public async Task A_caller_that_may_only_read_counts_and_creates_nothing()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Gateway.Auth.Mode = "none");
        static void ReadOnly(HttpRequestMessage request) => request.Headers.Add("x-openclaw-scopes", "operator.read");
        using var count = await gateway.PostAsync(MessagesPath + "/count_tokens", Hello(model: "openclaw"), ReadOnly);
        using var create = await gateway.PostMessageAsync(Hello(model: "openclaw"), ReadOnly);

        Assert.Equal(JsonValueKind.Number, (await count.ReadJsonAsync()).GetProperty("input_tokens").ValueKind);
        Assert.Equal("permission_error", (await create.ReadAnthropicErrorAsync()).Type);
    }
}
