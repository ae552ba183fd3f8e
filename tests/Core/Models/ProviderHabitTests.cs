using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

/// <summary>What servers do that no API reference says. <see cref="Streams.StreamPropertyTests"/> mixes these habits.</summary>
public class ProviderHabitTests
{
    private const string Chat = "openai-completions";
    private const string Responses = "openai-responses";
    private const string Messages = "anthropic-messages";
    private const string MessageStart = """{"type":"message_start","message":{"id":"m"}}""";
    private const string TextStart = """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""";
    private const string EndTurn = """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""";
    private const string Completed = """{"type":"response.completed","response":{"id":"r"}}""";

    [Theory]
    [InlineData("""{"message":{"role":"assistant","content":"The"},"delta":{"content":"The"}} {"delta":{"content":" end"},"message":{"content":"The end"}}""", "The end")]
    [InlineData("""{"message":{"content":"The end"}}""", "The end")] // the whole answer as one event
    [InlineData("""{"message":{"content":"The"}} {"message":{"content":"The end"}}""", "The end")]
    [InlineData("""{"delta":{"content":"The"}} {"delta":null,"message":{"content":"The end"}}""", "The end")]
    public async Task A_chunk_with_a_message_gives_what_the_deltas_lack(string choices, string expected)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events([.. choices.Split("} {").Select(choice => "{\"choices\":[{" + choice.TrimStart('{').TrimEnd('}') + "}}]}"), "[DONE]"]);

        Assert.Equal(expected, (await models.AskAsync()).Text);
    }

    [Theory]
    [InlineData(Chat, """{"id":"c","choices":[{"index":0,"delta":{"content":"fine"},"finish_reason":"stop"}]}""")]
    [InlineData(Responses, """{"type":"response.output_text.delta","output_index":0,"delta":"fine"}|{"type":"response.completed","response":{}}""")]
    [InlineData(Messages, MessageStart + "|" + TextStart
        + """|{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"fine"}}|""" + EndTurn)]
    public async Task An_event_stream_is_known_by_its_first_byte(string api, string events)
    {
        await using var models = await ModelHarness.StartAsync(api);
        foreach (var type in new[] { "application/json", "text/html", "application/octet-stream", "" })
        {
            models.Upstream.Next(async call =>
            {
                await call.StartStreamAsync(type);
                await call.SendRawAsync("\n\r\n: waiting\n\n");
                foreach (var data in events.Split('|'))
                {
                    await call.SendEventAsync(data);
                }
            });

            Assert.Equal("fine", (await models.AskAsync()).Text);
        }
    }

    [Theory]
    [InlineData(Chat, """{"choices":[{"index":0,"message":{"content":"fine"},"finish_reason":"stop"}]}""")]
    [InlineData(Responses, """{"id":"r","output":[{"type":"message","content":[{"type":"output_text","text":"fine"}]}]}""")]
    [InlineData(Messages, """{"id":"m","type":"message","content":[{"type":"text","text":"fine"}],"stop_reason":"end_turn"}""")]
    public async Task A_document_after_white_space_is_known_by_its_first_byte(string api, string document)
    {
        await using var models = await ModelHarness.StartAsync(api);
        foreach (var type in new[] { "text/event-stream", "text/plain", "application/json" })
        {
            models.Upstream.Next(async call =>
            {
                await call.StartStreamAsync(type);
                await call.SendRawAsync("\n \n");
                await call.SendRawAsync("\uFEFF\r\n" + document + "\n");
            });

            Assert.Equal("fine", (await models.AskAsync()).Text);
        }
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData(Responses)]
    [InlineData(Messages)]
    public async Task A_page_of_a_portal_is_no_answer(string api)
    {
        await using var models = await ModelHarness.StartAsync(api);
        models.Upstream.Always(call => call.RespondAsync(200, "\n<!doctype html><p>data: sign in", "text/event-stream"));

        Assert.Equal("upstream_protocol", (await models.FailAsync()).Code);
    }

    [Theory]
    [InlineData(Chat, """{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}""")]
    [InlineData(Responses, """{"type":"response.output_text.delta","output_index":0,"delta":"a"}""")]
    [InlineData(Messages, MessageStart)]
    public async Task An_error_event_is_an_error_whatever_its_data_is(string api, string first)
    {
        await using var models = await ModelHarness.StartAsync(api);
        foreach (var data in new[] { """{"request_id":"r1","code":"InternalError","message":"x"}""", "oh", first })
        {
            models.Upstream.Next(async call =>
            {
                await call.StartStreamAsync();
                await call.SendEventAsync(first);
                await call.SendEventAsync(data, "error");
                await call.SendEventAsync("[DONE]");
            });

            Assert.Equal("upstream_interrupted", (await models.FailAsync()).Code);
        }
    }

    [Theory]
    [InlineData("""{"code":"InternalError","message":"x"}""")]
    [InlineData("""{"object":"error","message":"x","code":500}""")]
    [InlineData("""{"detail":"x"}""")]
    [InlineData("""{"error_code":336501,"error_msg":"x"}""")]
    [InlineData("""{"type":"overloaded_error","message":"x"}""", "upstream_overloaded")]
    public async Task An_error_object_in_place_of_a_chunk_is_an_error(string data, string code = "upstream_interrupted")
    {
        await using var models = await ModelHarness.StartAsync();

        models.Events("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""", data, "[DONE]");
        Assert.Equal(code, (await models.FailAsync()).Code);
        models.Upstream.NextStatus(200, data);
        Assert.Equal(code, (await models.FailAsync()).Code);
    }

    [Fact]
    public async Task An_object_without_choices_that_is_no_error_is_skipped()
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events(
            """{"type":"info","message":"starting"}""", """{"code":200,"message":"success"}""", """{"error":false,"id":"c"}""",
            """{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}""");

        Assert.Equal("a", (await models.AskAsync()).Text);
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData(Responses)]
    [InlineData(Messages)]
    public async Task An_event_of_megabytes_is_read(string api)
    {
        await using var models = await ModelHarness.StartAsync(api);
        var text = new string('x', 9 << 20);
        models.Events(api switch
        {
            Chat => ["{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}]}"],
            Responses => ["{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"" + text + "\"}", Completed],
            _ => [
                MessageStart, TextStart,
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}}", EndTurn],
        });

        Assert.Equal(text.Length, (await models.AskAsync()).Text.Length);
    }

    [Fact]
    public async Task A_reason_to_stop_in_every_chunk_ends_nothing()
    {
        await using var models = await ModelHarness.StartAsync();
        var gate = new TaskCompletionSource();
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendEventAsync(Chunk("a"));
            await gate.Task;
            await call.SendEventAsync(Chunk("b"));
            await call.SendEventAsync(Chunk("c"));
            await call.SendEventAsync("[DONE]");
        });

        var answer = models.AskAsync();
        await models.Clock.WaitForTimerAsync(TimeSpan.FromMinutes(6)).WaitAsync(ModelHarness.Patience);
        models.Clock.Advance(TimeSpan.FromSeconds(30));
        gate.SetResult();

        Assert.Equal("abc", (await answer.WaitAsync(ModelHarness.Patience)).Text);
    }

    [Theory]
    [InlineData(1, true)] // may be the first of many
    [InlineData(2, true)]
    [InlineData(2, false)] // a clean end, but the provider went on after its reason to stop
    public async Task An_answer_with_a_reason_in_every_chunk_is_cut_without_its_end_mark(int chunks, bool resets)
    {
        await using var models = await ModelHarness.StartAsync();
        var taken = new TaskCompletionSource();
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            for (var i = 0; i < chunks; i++)
            {
                await call.SendEventAsync(Chunk("a"));
            }

            if (resets)
            {
                await taken.Task;
                call.Reset();
            }
        });

        await using var updates = models.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        taken.SetResult();
        var failure = await Assert.ThrowsAsync<GatewayException>(async () =>
        {
            while (await updates.MoveNextAsync())
            {
                Assert.Null(updates.Current.FinishReason);
            }
        });
        Assert.Equal("upstream_interrupted", failure.Error.Code);
    }

    [Theory]
    [InlineData(Chat, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"$\"}}]}", "[DONE]")]
    [InlineData(Chat, "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"$\"}}]}", "[DONE]")]
    [InlineData(Chat, "{\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\"$\"}}]}", "[DONE]")]
    [InlineData(Chat, "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"$\"}}]}}]}", "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}")]
    [InlineData(Responses, "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"$\"}", Completed)]
    [InlineData(Responses, "{\"type\":\"response.reasoning_summary_text.delta\",\"output_index\":0,\"delta\":\"$\"}", Completed)]
    [InlineData(Messages, "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"$\"}}", EndTurn)]
    public async Task A_surrogate_pair_cut_between_two_pieces_stays_whole(string api, string delta, string end)
    {
        await using var models = await ModelHarness.StartAsync(api);
        string[] start = api == Messages ? [MessageStart, TextStart] : [];
        models.Events([.. start, delta.Replace("$", "hi \\ud83d"), delta.Replace("$", "\\ude00 ok\\ud83d"), delta.Replace("$", "!"), end]);

        var contents = (await models.AskAsync()).Messages[0].Contents.Select(content => content switch
        {
            TextReasoningContent reasoning => reasoning.Text,
            RefusalDelta refusal => refusal.Text,
            RawFunctionCall call => call.ArgumentsText,
            _ => content.ToString(),
        });
        Assert.Equal("hi 😀 ok\uFFFD!", string.Concat(contents)); // half a pair that no other half follows is replaced
    }

    private static string Chunk(string text) =>
        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}]}";
}
