using System.Net;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.ChatCompletions;

/// <summary>Log probabilities reach the caller on both of OpenAI's surfaces, from providers of both of its APIs.</summary>
public class LogprobTests(AzuriteFixture azurite)
{
    private const string Likely = "\"token\":\"Hel\",\"logprob\":-0.25,\"bytes\":[72,101,108]";
    private const string Hel = "{" + Likely + ",\"top_logprobs\":[{" + Likely + "}]}";
    private const string Lo = """{"token":"lo","logprob":-1.5,"bytes":[108,111],"top_logprobs":[]}""";
    private const string ChatQuestion = """ "messages":[{"role":"user","content":"x"}],"logprobs":true,"top_logprobs":2 """;

    [Theory]
    [InlineData("openai-completions")]
    [InlineData("openai-responses")]
    public async Task Whole_chat_answer_has_those_of_all_its_tokens(string api)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, api);
        using var answer = await gateway.PostChatAsync($$"""{"model":"mock/m",{{ChatQuestion}}}""");
        var logprobs = (await answer.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("logprobs");

        Assert.Equal($$"""{"content":[{{Hel}},{{Lo}}],"refusal":null}""", logprobs.GetRawText());
    }

    [Theory]
    [InlineData("openai-completions")]
    [InlineData("openai-responses")]
    public async Task Each_chunk_of_a_chat_stream_has_those_of_its_tokens(string api)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, api);
        using var answer = await gateway.PostChatAsync($$"""{"model":"mock/m","stream":true,{{ChatQuestion}}}""");
        var chunks = (await answer.ReadEventsAsync()).SkipLast(1).Select(e => JsonElement.Parse(e).GetProperty("choices")[0])
            .Where(c => c.TryGetProperty("logprobs", out _))
            .Select(c => (c.GetProperty("delta").GetProperty("content").GetString(), c.GetProperty("logprobs").GetRawText()));

        Assert.Equal(
            [("Hel", $$"""{"content":[{{Hel}}],"refusal":null}"""), ("lo", $$"""{"content":[{{Lo}}],"refusal":null}""")], chunks);
    }

    [Theory]
    [InlineData("openai-completions")]
    [InlineData("openai-responses")]
    public async Task Response_has_them_in_its_parts_and_events(string api)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, api);
        var events = await gateway.StreamAsync(
            """{"model":"mock/m","input":"x","stream":true,"include":["message.output_text.logprobs"],"top_logprobs":2}""");
        var deltas = events.Where(e => e.Type() == "response.output_text.delta").Select(e => e.GetProperty("logprobs").GetRawText());
        var done = events.Single(e => e.Type() == "response.output_text.done").GetProperty("logprobs");
        var response = events[^1].GetProperty("response");
        var part = response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("logprobs");
        var stored = (await gateway.GetResponseAsync(response.Id())).GetProperty("output")[0].GetProperty("content")[0];

        Assert.Equal([$"[{Hel}]", $"[{Lo}]"], deltas);
        Assert.Equal($"[{Hel},{Lo}]", done.GetRawText());
        Assert.Equal(done.GetRawText(), part.GetRawText());
        Assert.Equal(done.GetRawText(), stored.GetProperty("logprobs").GetRawText());
    }

    [Fact]
    public async Task Answer_without_them_has_null_in_their_place()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Models.Providers = Providers(upstream, "openai-completions"));
        using var answer = await gateway.PostChatAsync("""{"model":"mock/m","messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal(
            JsonValueKind.Null, (await answer.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("logprobs").ValueKind);
    }

    [Theory]
    [InlineData(""" "top_logprobs":2 """)]
    [InlineData(""" "logprobs":true,"top_logprobs":21 """)]
    public async Task Count_of_alternatives_needs_log_probabilities_and_has_a_limit(string fields)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var answer = await gateway.PostChatAsync($$"""{"model":"openclaw","messages":[{"role":"user","content":"x"}],{{fields}}}""");
        var error = await answer.ReadErrorAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value", "top_logprobs"), (answer.StatusCode, error.Code, error.Param));
    }

    private static async Task AnswerAsync(UpstreamCall call)
    {
        await call.StartStreamAsync();
        if (call.Request.Path.EndsWith("/responses", StringComparison.Ordinal))
        {
            await call.SendEventAsync("""{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m"}}""");
            await call.SendEventAsync($$"""{"type":"response.output_text.delta","output_index":0,"delta":"Hel","logprobs":[{{Hel}}]}""");
            await call.SendEventAsync($$"""{"type":"response.output_text.delta","output_index":0,"logprobs":[{{Lo}}],"delta":"lo"}""");
            await call.SendEventAsync("""{"type":"response.completed","response":{"status":"completed","output":[]}}""");
            return;
        }

        await call.SendEventAsync(Chunk("Hel", $$""","logprobs":{"content":[{{Hel}}],"refusal":null}"""));
        await call.SendEventAsync(Chunk("lo", $$""","logprobs":{"content":[{{Lo}}]}"""));
        await call.FinishAsync();

        static string Chunk(string text, string more) => $$"""{"choices":[{"index":0,"delta":{"content":"{{text}}"}{{more}}}]}""";
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, string api)
    {
        upstream.Always(AnswerAsync);
        return GatewayHost.StartAsync(azurite.StorageAccount, c => c.Models.Providers = Providers(upstream, api));
    }

    private static Dictionary<string, ProviderSection> Providers(ScriptedUpstream upstream, string api) =>
        new() { ["mock"] = upstream.ProviderConfig(api) };
}
