using System.Net;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

public class RestApiChatTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F78")]
    [Trait("Feature", "F81")]
    [Trait("Feature", "D13")]
    public async Task A_message_of_the_documentation_gets_its_answer_with_usage_in_camel_case()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var data = await gateway.PostDataAsync(
            "/api/v1/chat", """{"channel":"api","message":"你好","sessionId":"session-123","stream":false}""");
        var usage = data.GetProperty("usage");

        Assert.Equal("你好", data.GetProperty("message").GetString());
        Assert.Equal("session-123", data.GetProperty("sessionId").GetString());
        Assert.Equal("echo/echo", data.GetProperty("model").GetString());
        Assert.True(usage.GetProperty("promptTokens").GetInt64() > 0);
        Assert.Equal(
            usage.GetProperty("promptTokens").GetInt64() + usage.GetProperty("completionTokens").GetInt64(), usage.GetProperty(
                "totalTokens").GetInt64());
    }

    [Fact]
    [Trait("Feature", "F78")]
    public async Task Without_a_session_id_a_new_session_is_made_and_its_id_continues_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var first = await gateway.PostDataAsync("/api/chat", """{"message":"one"}""");
        var id = first.GetProperty("sessionId").GetString()!;
        var second = await gateway.PostDataAsync("/api/chat", $$"""{"message":"two","sessionId":"{{id}}"}""");
        var other = await gateway.PostDataAsync("/api/chat", """{"message":"three"}""");

        Assert.Equal(id, second.GetProperty("sessionId").GetString());
        Assert.NotEqual(id, other.GetProperty("sessionId").GetString());
        Assert.Equal(["one", "one", "two"], Texts(upstream.Requests[1]));
        Assert.Equal(["three"], Texts(upstream.Requests[2]));
    }

    [Fact]
    [Trait("Feature", "D23")]
    public async Task A_short_id_is_the_api_key_of_the_agent_and_full_keys_hold_verbatim()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, c => c.Agents.Entries = new Dictionary<string, AgentSection>
        {
            ["main"] = new() { Default = true },
            ["support"] = new(),
        });
        await gateway.PostDataAsync("/api/chat", """{"message":"one","sessionId":"x"}""");
        var same = await gateway.PostDataAsync("/api/chat", """{"message":"two","sessionId":"agent:main:api:x"}""");
        var other = await gateway.PostDataAsync("/api/chat", """{"message":"three","sessionId":"agent:support:api:x"}""");
        var user = await gateway.PostDataAsync("/api/chat", """{"message":"four","sessionId":"x","agent":"support"}""");

        var clash = await gateway.PostFailureAsync("/api/chat", """{"message":"five","sessionId":"agent:main:api:x","agent":"support"}""");

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_SESSION_KEY"), clash);
        Assert.Equal("x", same.GetProperty("sessionId").GetString());
        Assert.Equal("agent:support:api:x", other.GetProperty("sessionId").GetString());
        Assert.Equal("agent:support:api:x", user.GetProperty("sessionId").GetString());
        Assert.Equal(["one", "one", "two"], Texts(upstream.Requests[1]));
        Assert.Equal(["three", "three", "four"], Texts(upstream.Requests[3]));
    }

    [Theory]
    [InlineData("""{"message":""}""", "MISSING_REQUIRED_PARAMETER", HttpStatusCode.BadRequest)]
    [InlineData("""{"channel":"api"}""", "MISSING_REQUIRED_PARAMETER", HttpStatusCode.BadRequest)]
    [InlineData("""{"message":5}""", "INVALID_TYPE", HttpStatusCode.BadRequest)]
    [InlineData("""{"message":"x","sessionId":"cron:x"}""", "INVALID_SESSION_KEY", HttpStatusCode.BadRequest)]
    [InlineData("""{"message":"x","sessionId":" "}""", "INVALID_SESSION_KEY", HttpStatusCode.BadRequest)]
    [InlineData("""{"message":"x","sessionId":"agent:main:x","agent":"other"}""", "MODEL_NOT_FOUND", HttpStatusCode.NotFound)]
    [InlineData("""{"message":"x","model":"no/such"}""", "MODEL_NOT_FOUND", HttpStatusCode.NotFound)]
    [InlineData("""{"message":"x""", "INVALID_JSON", HttpStatusCode.BadRequest)]
    [Trait("Feature", "F78")]
    [Trait("Feature", "F82")]
    public async Task A_message_that_makes_no_sense_is_refused_in_the_error_envelope(string json, string code, HttpStatusCode status)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        Assert.Equal((status, code), await gateway.PostFailureAsync("/api/chat", json));
    }

    [Theory]
    [InlineData("""{"channel":"api","message":"Write a poem","stream":true}""", null)]
    [InlineData("""{"channel":"api","message":"Write a poem","stream":true}""", "application/json")]
    [InlineData("""{"channel":"api","message":"Write a poem"}""", "text/event-stream")]
    [Trait("Feature", "F83")]
    [Trait("Feature", "D18")]
    public async Task A_stream_is_message_events_of_chunks_with_one_done_and_no_sentinel(string json, string? accept)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.PostAsync("/api/chat", json, r => Accept(r, accept));
        var text = await answer.Content.ReadAsStringAsync();
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => !e.StartsWith(':')).ToList();
        var data = events.ConvertAll(e => JsonElement.Parse(e.Split('\n')[1]["data: ".Length..]));

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.All(events, e => Assert.StartsWith("event: message\ndata: {\"type\":", e, StringComparison.Ordinal));
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Equal("Write a poem", string.Concat(data.SkipLast(1).Select(d => d.GetProperty("content").GetString())));
        Assert.Equal("done", data[^1].GetProperty("type").GetString());
        Assert.True(data[^1].GetProperty("usage").GetProperty("totalTokens").GetInt64() > 0);
        Assert.NotEmpty(data[^1].GetProperty("sessionId").GetString()!);
    }

    [Fact]
    [Trait("Feature", "F83")]
    public async Task The_body_decides_against_a_stream_whatever_accept_says()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var data = await gateway.PostDataAsync("/api/chat", """{"message":"hi","stream":false}""", r => Accept(r, "text/event-stream"));
        Assert.Equal("hi", data.GetProperty("message").GetString());
    }

    [Fact]
    [Trait("Feature", "F83")]
    public async Task A_stream_that_breaks_off_ends_with_an_error_event()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await call.SendEventAsync("""{"error":{"message":"secret detail","type":"server_error"}}""");
        });
        using var answer = await gateway.PostAsync("/api/chat", """{"message":"hi","stream":true}""");
        var events = (await answer.ReadEventsAsync()).ConvertAll(e => JsonElement.Parse(e));

        Assert.Equal("half", events[0].GetProperty("content").GetString());
        Assert.Equal("error", events[^1].GetProperty("type").GetString());
        Assert.Equal("UPSTREAM_INTERRUPTED", events[^1].GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    [Trait("Feature", "F82")]
    public async Task A_provider_that_limits_is_rate_limited_with_the_seconds_to_wait()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => call.RespondAsync(429, "{}", headers: [("Retry-After", "60")]));
        using var answer = await gateway.PostAsync("/api/chat", """{"message":"hi"}""");

        Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMITED"), await answer.ReadFailureAsync());
        Assert.Equal(60, (await answer.ReadJsonAsync()).GetProperty("error").GetProperty("retryAfter").GetInt64());
    }

    [Theory]
    [InlineData("""{"message":"psst","sessionId":"x","incognito":true}""", null)]
    [InlineData("""{"message":"psst","sessionId":"x"}""", "true")]
    [Trait("Feature", "F78")]
    public async Task An_incognito_message_needs_no_storage_and_has_no_session(string json, string? header)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var data = await gateway.PostDataAsync("/api/chat", json, r =>
        {
            if (header is not null)
            {
                r.Headers.Add("x-openclaw-incognito", header);
            }
        });
        Assert.Equal("psst", data.GetProperty("message").GetString());
        Assert.False(data.TryGetProperty("sessionId", out _));
    }

    [Fact]
    [Trait("Feature", "F47")]
    public async Task An_incognito_response_is_not_stored()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostAsync(
            "/v1/responses", """{"model":"openclaw","input":"psst","user":"u"}""", r => r.Headers.Add("x-openclaw-incognito", "true"));
        var body = await answer.ReadJsonAsync();
        Assert.True(answer.IsSuccessStatusCode, body.GetRawText());
        Assert.False(body.GetProperty("store").GetBoolean());
    }

    [Fact]
    [Trait("Feature", "F45")]
    public async Task An_incognito_chat_completion_has_no_session()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostChatAsync(
            """{"model":"openclaw","user":"u","messages":[{"role":"user","content":"psst"}]}""", r =>
                r.Headers.Add("x-openclaw-incognito", "true"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static void Accept(HttpRequestMessage request, string? accept)
    {
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }
    }

    private static IEnumerable<string> Texts(UpstreamRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!);

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(azurite.StorageAccount, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig(models: "test-model") };
            configure?.Invoke(c);
        });
}
