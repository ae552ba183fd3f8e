using System.Net;
using System.Text;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.ChatCompletions;

/// <summary>What a request may hold, and how a bad one is refused.</summary>
public class ChatRequestTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";

    [Theory]
    [InlineData("{", "invalid_json", null)]
    [InlineData("", "invalid_json", null)]
    [InlineData("null", "invalid_json", null)]
    [InlineData("[]", "invalid_type", null)]
    [InlineData("{} trailing", "invalid_json", null)]
    [InlineData("{\"model\":3}", "invalid_type", "model")]
    [InlineData("{\"model\":\"openclaw\"}", "missing_required_parameter", "messages")]
    [InlineData("{\"messages\":[]}", "invalid_value", "messages")]
    [InlineData("{\"messages\":\"hi\"}", "invalid_type", "messages")]
    [InlineData("{\"messages\":[null]}", "invalid_type", "messages[0]")]
    [InlineData("{\"messages\":[{\"content\":\"x\"}]}", "missing_required_parameter", "messages[0].role")]
    [InlineData("{\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}", "invalid_value", "messages[0].role")]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}", "missing_required_parameter", "messages[0].content")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":7}]}", "invalid_type", "messages[0].content")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"audio\"}]}]}", "invalid_value", "messages[0].content[0].type")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://x/y.png\"}}]}]}",
        "invalid_value", "messages[0].content[0].image_url")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\\u0000b\"}]}", "invalid_text", "messages[0].content")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\"}]}", "invalid_text", "messages[0].content")]
    [InlineData("{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "missing_required_parameter", "messages[0].tool_call_id")]
    [InlineData("{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"nope\",\"content\":\"x\"}]}", "unknown_call_id", "messages")]
    [InlineData("{" + Messages + ",\"temperature\":2.1}", "invalid_value", "temperature")]
    [InlineData("{" + Messages + ",\"temperature\":\"hot\"}", "invalid_type", "temperature")]
    [InlineData("{" + Messages + ",\"top_p\":-0.1}", "invalid_value", "top_p")]
    [InlineData("{" + Messages + ",\"presence_penalty\":3}", "invalid_value", "presence_penalty")]
    [InlineData("{" + Messages + ",\"seed\":1.5}", "invalid_type", "seed")]
    [InlineData("{" + Messages + ",\"n\":2}", "unsupported_parameter", "n")]
    [InlineData("{" + Messages + ",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}", "invalid_value", "stop")]
    [InlineData("{" + Messages + ",\"stop\":[1]}", "invalid_type", "stop")]
    [InlineData("{" + Messages + ",\"max_tokens\":\"1000\"}", "invalid_type", "max_tokens")]
    [InlineData("{" + Messages + ",\"max_tokens\":10.5}", "invalid_type", "max_tokens")]
    [InlineData("{" + Messages + ",\"max_tokens\":1e12}", "invalid_type", "max_tokens")]
    [InlineData("{" + Messages + ",\"max_tokens\":0}", "invalid_value", "max_tokens")]
    [InlineData("{" + Messages + ",\"tools\":[{\"type\":\"function\"}]}", "missing_required_parameter", "tools[0].function.name")]
    [InlineData("{" + Messages + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]}", "invalid_value",
        "tools[0].function.name")]
    [InlineData("{" + Messages + ",\"tool_choice\":\"required\"}", "invalid_value", "tool_choice")]
    [InlineData("{" + Messages + ",\"tool_choice\":\"sometimes\"}", "invalid_value", "tool_choice")]
    [InlineData("{" + Messages + ",\"response_format\":{\"type\":\"yaml\"}}", "invalid_value", "response_format.type")]
    [InlineData("{" + Messages + ",\"response_format\":{\"type\":\"json_schema\"}}", "missing_required_parameter",
        "response_format.json_schema")]
    [InlineData("{\"model\":\"a\",\"model\":\"b\"," + Messages + "}", "duplicate_key", "model")]
    public async Task A_bad_request_is_400_and_names_the_parameter(string body, string code, string? param)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostChatAsync(body);
        var error = await answer.ReadErrorAsync();

        Assert.Equal((HttpStatusCode.BadRequest, code, param), (answer.StatusCode, error.Code, error.Param));
        Assert.DoesNotContain("fail", gateway.Log, StringComparison.Ordinal);
    }

    /// <summary>As clients of languages with one number type send them: github.com/BerriAI/litellm/pull/1530.</summary>
    [Theory]
    [InlineData("/v1/chat/completions", "{\"model\":\"openclaw\"," + Messages + ",\"max_tokens\":1024.0,\"n\":1.0}")]
    [InlineData("/v1/messages", "{\"model\":\"openclaw\"," + Messages + ",\"max_tokens\":1e3}")]
    [InlineData("/v1/responses", "{\"model\":\"openclaw\",\"store\":false,\"input\":\"x\",\"max_output_tokens\":1024.0}")]
    public async Task A_whole_number_may_be_written_with_a_point_or_an_exponent(string path, string body)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Nesting_deeper_than_64_is_400()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));
        using var answer = await gateway.PostChatAsync($$"""{ "tool_choice": {{deep}}, {{Messages}} }""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_json", (await answer.ReadErrorAsync()).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "T16")]
    public async Task A_body_over_the_limit_is_413_with_or_without_a_length(bool chunked)
    {
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Gateway.Http.Endpoints.ChatCompletions.MaxBodyBytes = 1000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(new string(' ', 5000), Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("request_too_large", (await answer.ReadErrorAsync()).Code);
    }

    [Theory]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=UTF-8", HttpStatusCode.OK)]
    [InlineData("application/vnd.example+json", HttpStatusCode.OK)]
    [Trait("Feature", "F34")]
    public async Task Only_json_in_utf8_is_taken(string contentType, HttpStatusCode expected)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostChatAsync("{" + Messages + "}", r =>
        {
            r.Content!.Headers.Remove("Content-Type");
            r.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        });
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("openclaw", HttpStatusCode.OK)]
    [InlineData("openclaw/default", HttpStatusCode.OK)]
    [InlineData("openclaw/main", HttpStatusCode.OK)]
    [InlineData("openclaw:main", HttpStatusCode.OK)]
    [InlineData("agent:main", HttpStatusCode.OK)]
    [InlineData("echo/echo", HttpStatusCode.OK)]
    [InlineData("openclaw/nobody", HttpStatusCode.NotFound)]
    [InlineData("gpt-unheard-of", HttpStatusCode.NotFound)]
    [Trait("Feature", "F36")]
    [Trait("Feature", "F43")]
    [Trait("Feature", "D9")]
    public async Task A_model_name_is_an_agent_or_a_configured_model_and_never_a_silent_default(string model, HttpStatusCode expected)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostChatAsync($$"""{"model":"{{model}}",{{Messages}}}""");

        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.NotFound)
        {
            Assert.Equal(("model_not_found", "model"), ((await answer.ReadErrorAsync()).Code, (await answer.ReadErrorAsync()).Param));
        }
    }

    [Fact]
    [Trait("Feature", "F44")]
    [Trait("Feature", "F43")]
    public async Task Headers_choose_agent_and_model_over_the_body()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(configure: c =>
        {
            c.Models.Providers = new Dictionary<string, OpenClaw.Configuration.ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            c.Agents.Entries = new Dictionary<string, OpenClaw.Configuration.AgentSection>
            {
                ["main"] = new() { Model = new() { Primary = "mock/of-main" } },
                ["poet"] = new() { Model = new() { Primary = "mock/of-poet" }, SystemPrompt = "Rhyme." },
            };
        });
        using var byAgent = await gateway.PostChatAsync(
            "{\"model\":\"openclaw/main\"," + Messages + "}", r => r.Headers.Add("x-openclaw-agent-id", "poet"));
        using var byModel = await gateway.PostChatAsync(
            "{\"model\":\"openclaw/poet\"," + Messages + "}", r => r.Headers.Add("x-openclaw-model", "mock/other"));

        Assert.Equal("of-poet", upstream.Requests[0].Body.GetProperty("model").GetString());
        Assert.Equal("other", upstream.Requests[1].Body.GetProperty("model").GetString());
        Assert.Equal("Rhyme.", upstream.Requests[1].Body.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task An_agent_without_a_usable_model_is_503_and_says_what_to_set()
    {
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Agents.Defaults.Model = new() { Primary = "nobody/nothing" });
        using var answer = await gateway.PostChatAsync("{\"model\":\"openclaw\"," + Messages + "}");
        var error = await answer.ReadErrorAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "agent_model_not_configured"), (answer.StatusCode, error.Code));
        Assert.Contains("agents.defaults.model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_may_choose_the_model_by_header_only_as_admin()
    {
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Gateway.Auth.Mode = "none");
        using var plain = await gateway.PostChatAsync("{" + Messages + "}", r =>
        {
            r.Headers.Add("x-openclaw-model", "echo/echo");
            r.Headers.Add("x-openclaw-scopes", "operator.write");
        });
        using var admin = await gateway.PostChatAsync("{" + Messages + "}", r => r.Headers.Add("x-openclaw-model", "echo/echo"));

        Assert.Equal(HttpStatusCode.Forbidden, plain.StatusCode);
        Assert.Equal(HttpStatusCode.OK, admin.StatusCode);
    }
}
