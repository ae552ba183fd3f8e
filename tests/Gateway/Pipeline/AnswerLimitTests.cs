using System.Net;
using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>An answer without end is cut at <c>models.maxAnswerChars</c>, and told as cut.</summary>
[Trait("Feature", "R18")]
public class AnswerLimitTests
{
    private const int Limit = 1_000;
    private const string Chat = "\"model\":\"mock/test-model\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private const string Tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],";

    [Theory]
    [InlineData("openai-completions", "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"0123456789abcdef\"}}]}")]
    [InlineData("openai-responses", "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"0123456789abcdef\"}")]
    [InlineData("anthropic-messages",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"0123456789abcdef\"}}")]
    public async Task An_endless_text_is_cut_and_incomplete_on_every_surface(string api, string delta)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, api);
        upstream.Always(async call =>
        {
            await call.StartStreamAsync();
            await call.SendEventAsync("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
            while (true) // ends when the gateway hangs up
            {
                await call.SendEventAsync(delta);
            }
        });

        using var chat = await gateway.PostChatAsync("{" + Chat);
        var choice = (await chat.ReadJsonAsync()).GetProperty("choices")[0];
        Assert.Equal(
            ("length", Limit), (choice.GetProperty("finish_reason").GetString(), choice.GetProperty("message").GetProperty(
                "content").GetString()!.Length));

        using var stream = await gateway.PostChatAsync("{\"stream\":true," + Chat);
        var choices = (await stream.ReadEventsAsync())[..^1].Select(data => JsonElement.Parse(data).GetProperty("choices")[0]).ToList();
        Assert.Equal("length", choices[^1].GetProperty("finish_reason").GetString());
        Assert.Equal(Limit, choices.Sum(
            c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString()!.Length : 0));

        using var response = await gateway.PostAsync("/v1/responses", """{"model":"mock/test-model","store":false,"input":"hi"}""");
        var whole = await response.ReadJsonAsync();
        Assert.Equal(("incomplete", "max_output_tokens"), (
            whole.GetProperty("status").GetString(), whole.GetProperty("incomplete_details").GetProperty("reason").GetString()));

        using var message = await gateway.PostAsync("/v1/messages", "{\"max_tokens\":100000," + Chat);
        Assert.Equal("max_tokens", (await message.ReadJsonAsync()).GetProperty("stop_reason").GetString());
    }

    [Theory]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"0123456789abcdef\"}}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\"0123456789abcdef\"}}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"0123456789abcdef\"}}]}}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"a call that never gets a name\"}}]}}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}")] // calls without end
    public async Task Reasoning_refusals_and_calls_without_end_are_cut_too(string delta)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, "openai-completions");
        upstream.Always(async call =>
        {
            await call.StartStreamAsync();
            while (true)
            {
                await call.SendEventAsync(delta);
            }
        });

        using var chat = await gateway.PostChatAsync("{" + Tools + Chat);

        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        Assert.Equal("length", (await chat.ReadJsonAsync()).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData(Limit, "stop")]
    [InlineData(Limit + 1, "length")]
    public async Task An_answer_in_one_document_has_the_same_limit(int length, string finish)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, "openai-completions");
        upstream.NextStatus(
            200, "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + new string('x', length) + "\"},\"finish_reason\":\"stop\"}]}");

        using var chat = await gateway.PostChatAsync("""{"model":"mock/test-model","messages":[{"role":"user","content":"hi"}]}""");

        var choice = (await chat.ReadJsonAsync()).GetProperty("choices")[0];
        Assert.Equal((finish, Limit), (
            choice.GetProperty("finish_reason").GetString(), choice.GetProperty("message").GetProperty("content").GetString()!.Length));
    }

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream, string api) => GatewayHost.StartAsync(configure: config =>
    {
        config.Models.MaxAnswerChars = Limit;
        config.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig(api) };
    });
}
