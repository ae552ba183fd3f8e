using System.Text;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

/// <summary>A provider that fails after its headers.</summary>
public class BrokenStreamTests
{
    private const string CompletionsStream =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a😀\"}}]}\n\n"
        + "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n"
        + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n";

    private const string ResponsesStream =
        "data: {\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}\n\n"
        + "data: {\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"a😀\"}\n\n"
        + "data: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"usage\":null}}\n\n";

    private const string MessagesStream =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
        + "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a😀\"}}\n\n"
        + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        + "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
        + "data: {\"type\":\"message_stop\"}\n\n";

    [Theory, Trait("Feature", "R17")]
    [InlineData("openai-completions", CompletionsStream, "\"tool_calls\"}]}")]
    [InlineData("openai-responses", ResponsesStream, "null}}")]
    [InlineData("anthropic-messages", MessagesStream, "\"end_turn\"}}")]
    public async Task A_stream_cut_at_any_byte_is_never_taken_for_an_answer(string api, string stream, string end)
    {
        await using var models = await ModelHarness.StartAsync(api);
        var bytes = Encoding.UTF8.GetBytes(stream);
        var cut = 0;
        models.Upstream.Always(async call =>
        {
            await call.StartStreamAsync();
            await call.SendBytesAsync(bytes.AsMemory(0, cut));
        });

        var whole = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(end)) + end.Length; // no more than the reason to stop is needed
        for (; cut < whole; cut++)
        {
            Assert.Equal("upstream_interrupted", (await models.FailAsync()).Code);
        }

        Assert.StartsWith("a😀", (await models.AskAsync()).Text, StringComparison.Ordinal);
    }

    [Theory, Trait("Feature", "R17")]
    [InlineData("openai-completions", CompletionsStream)]
    [InlineData("openai-responses", ResponsesStream)]
    [InlineData("anthropic-messages", MessagesStream)]
    public async Task A_stream_that_comes_byte_by_byte_says_the_same(string api, string stream)
    {
        await using var models = await ModelHarness.StartAsync(api);
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            foreach (var value in Encoding.UTF8.GetBytes(stream))
            {
                await call.SendBytesAsync(new[] { value });
            }
        });

        Assert.Equal("a😀", (await models.AskAsync()).Text);
    }

    [Theory, Trait("Feature", "R17")]
    [InlineData("openai-completions", """{"id":"c","choices":[{"index":0,"message":{"content":"a😀"},"finish_reason":"stop"}]}""")]
    [InlineData("openai-responses",
        """{"id":"r","output":[{"type":"message","content":[{"type":"output_text","text":"a😀"}]}],"usage":null}""")]
    [InlineData("anthropic-messages", """{"id":"m","type":"message","content":[{"type":"text","text":"a😀"}],"stop_reason":"end_turn"}""")]
    public async Task A_whole_answer_cut_at_any_byte_is_never_taken_for_one(string api, string answer)
    {
        await using var models = await ModelHarness.StartAsync(api);
        var bytes = Encoding.UTF8.GetBytes(answer);
        var cut = 0;
        models.Upstream.Always(async call =>
        {
            await call.StartStreamAsync("application/json");
            await call.SendBytesAsync(bytes.AsMemory(0, cut));
        });

        for (; cut < bytes.Length; cut++)
        {
            Assert.Equal("upstream_protocol", (await models.FailAsync()).Code);
        }

        Assert.Equal("a😀", (await models.AskAsync()).Text);
    }

    [Theory, Trait("Feature", "R17")]
    [InlineData("openai-completions", CompletionsStream)]
    [InlineData("openai-responses", ResponsesStream)]
    [InlineData("anthropic-messages", MessagesStream)]
    public async Task A_connection_reset_after_some_text_interrupts_the_stream(string api, string stream)
    {
        await using var models = await ModelHarness.StartAsync(api);
        var taken = new TaskCompletionSource();
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendRawAsync(stream[..^60]);
            await taken.Task;
            call.Reset();
        });

        await using var updates = models.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("a😀", updates.Current.Text);
        taken.SetResult();

        var exception = await Assert.ThrowsAsync<GatewayException>(async () =>
        {
            while (await updates.MoveNextAsync())
            {
            }
        });
        Assert.Equal("upstream_interrupted", exception.Error.Code);
        Assert.Single(models.Upstream.Requests); // never a second try once bytes went out
    }

    [Theory, Trait("Feature", "R17")]
    [InlineData("""{"error":{"message":"overloaded","type":"server_error"}}""", "upstream_interrupted")]
    [InlineData("""{"error":"boom"}""", "upstream_interrupted")]
    [InlineData("""{"error":{"message":"slow down","code":"rate_limit_exceeded"}}""", "upstream_rate_limited")]
    [InlineData("""{"error":{"message":"slow down","code":429}}""", "upstream_rate_limited")]
    [InlineData("""{"error":{"code":"insufficient_quota"}}""", "insufficient_quota")]
    [InlineData("""{"error":{"message":"This model's maximum context length is 8 tokens"}}""", "context_length_exceeded")]
    [InlineData("""{"choices":[{"index":0,"delta":{},"error":{"message":"x"},"finish_reason":"error"}]}""", "upstream_interrupted")]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}""", "upstream_interrupted")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":""", "upstream_protocol")]
    [InlineData("""<html>""", "upstream_protocol")]
    [InlineData("""{"choices":{"delta":1}}""", "upstream_protocol")]
    [InlineData("""{"choices":[{"delta":{"content":7}}]}""", "upstream_protocol")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{}"}}]}}]}""", "upstream_protocol")]
    public async Task An_error_inside_the_stream_ends_it_with_its_own_code(string data, string code)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events("""{"choices":[{"index":0,"delta":{"content":"a"}}],"error":null}""", data);

        Assert.Equal(code, (await models.FailAsync()).Code);
    }

    [Theory]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"server_error","message":"x"}}}""", "upstream_interrupted")]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"x"}}}""",
        "upstream_rate_limited")]
    [InlineData("""{"type":"error","code":"context_length_exceeded","message":"x","param":null}""", "context_length_exceeded")]
    [InlineData("""{"type":"error","error":{"type":"insufficient_quota","code":"insufficient_quota","message":"x"}}""",
        "insufficient_quota")]
    [InlineData("""{"type":"response.function_call_arguments.delta","output_index":4,"delta":"x"}|{"type":"response.completed"}""",
        "upstream_protocol")] // a call without a name
    [InlineData("""{"type":"response.completed","response":{"status":"failed","error":{"code":"insufficient_quota"}}}""",
        "insufficient_quota")]
    [InlineData("""{"type":"response.output_item.added","output_index":0,"item":{"type":"message"}}|[DONE]""", "upstream_interrupted")]
    [InlineData("""{"type":"response.done","response":{"status":"in_progress"}}""", "upstream_interrupted")]
    [InlineData("""not json""", "upstream_protocol")]
    public async Task A_failed_response_ends_with_its_own_code(string data, string code)
    {
        await using var models = await ModelHarness.StartAsync("openai-responses");
        models.Events(data.Split('|'));

        Assert.Equal(code, (await models.FailAsync()).Code);
    }

    [Fact]
    public async Task Silence_in_the_middle_of_an_answer_ends_it_after_the_idle_limit()
    {
        await using var models = await ModelHarness.StartAsync();
        UpstreamCall? hanging = null;
        models.Upstream.Next(async call =>
        {
            hanging = call;
            await call.StartStreamAsync();
            await call.SendDeltaAsync("a");
            await call.HangAsync();
        });

        await using var updates = models.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        models.Clock.Advance(TimeSpan.FromHours(1)); // a slow reader is not a silent provider
        var next = updates.MoveNextAsync().AsTask();
        await models.Clock.WaitForTimerAsync(TimeSpan.FromMinutes(6)).WaitAsync(ModelHarness.Patience);
        models.Clock.Advance(TimeSpan.FromMinutes(6));

        var exception = await Assert.ThrowsAsync<GatewayException>(() => next.WaitAsync(ModelHarness.Patience));
        Assert.Equal("upstream_interrupted", exception.Error.Code);
        await hanging!.ClientGone.WaitAsync(ModelHarness.Patience);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_leaves_takes_the_provider_along(bool midStream)
    {
        await using var models = await ModelHarness.StartAsync();
        var called = new TaskCompletionSource<UpstreamCall>();
        models.Upstream.Next(async call =>
        {
            if (midStream)
            {
                await call.StartStreamAsync();
                await call.SendDeltaAsync("a");
            }

            called.SetResult(call);
            await call.HangAsync();
        });

        using var leaving = new CancellationTokenSource();
        await using var updates = models.Client
            .GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")], null, leaving.Token).GetAsyncEnumerator(leaving.Token);
        var next = updates.MoveNextAsync().AsTask();
        if (midStream)
        {
            await next;
            next = updates.MoveNextAsync().AsTask();
        }

        var call = await called.Task.WaitAsync(ModelHarness.Patience);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await call.ClientGone.WaitAsync(ModelHarness.Patience);
        Assert.Single(models.Upstream.Requests);
    }

    [Fact]
    public async Task A_reader_that_stops_early_closes_the_connection()
    {
        await using var models = await ModelHarness.StartAsync();
        var called = new TaskCompletionSource<UpstreamCall>();
        models.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("a");
            called.SetResult(call);
            await call.HangAsync();
        });

        await foreach (var update in models.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")]))
        {
            break;
        }

        await (await called.Task).ClientGone.WaitAsync(ModelHarness.Patience);
    }
}
