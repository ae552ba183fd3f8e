using OpenClaw.Models;
using OpenClaw.Usage;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

/// <summary>Token counts in every shape that providers send them, read from a stream.</summary>
[Trait("Feature", "F64")]
public class UsageShapeTests
{
    private const string Text = """{"choices":[{"index":0,"delta":{"content":"Hi"}}]}""";
    private const string End = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData("openai", 11, 7, 5, 3, """{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":5,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":3}}}""")]
    [InlineData("new-api, zeros under the other names", 11, 7, 0, null, """{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":0},"input_tokens":0,"output_tokens":0,"input_tokens_details":null}}""")]
    [InlineData("new-api, zeros first", 11, 7, null, null, """{"choices":[],"usage":{"input_tokens":0,"output_tokens":0,"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""")]
    [InlineData("names of Responses", 11, 7, 4, 2, """{"choices":[],"usage":{"input_tokens":11,"input_tokens_details":{"cached_tokens":4},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":18}}""")]
    [InlineData("litellm, Anthropic's cache inside", 105, 7, 90, null, """{"choices":[],"usage":{"prompt_tokens":105,"completion_tokens":7,"total_tokens":112,"cache_read_input_tokens":90,"cache_creation_input_tokens":5}}""")]
    [InlineData("a proxy, Anthropic's names with a sum", 105, 7, 90, null, """{"choices":[],"usage":{"input_tokens":105,"output_tokens":7,"total_tokens":112,"cache_read_input_tokens":90}}""")]
    [InlineData("deepseek", 100, 7, 64, null, """{"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":7,"total_tokens":107,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}}""")]
    [InlineData("deepseek, without a sum", 100, 7, 64, null, """{"choices":[],"usage":{"eval_count":7,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}}""")]
    [InlineData("gemini, reasoning in the sum alone", 10, 30, null, null, """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":40}}""")]
    [InlineData("xai, reasoning beside", 10, 25, null, 20, """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":35,"completion_tokens_details":{"reasoning_tokens":20}}}""")]
    [InlineData("reasoning beside, without a sum", 10, 25, null, 20, """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"reasoning_tokens":20}}}""")]
    [InlineData("moonshot, in the choice", 19, 13, 4, null, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":19,"completion_tokens":13,"total_tokens":32,"cached_tokens":4}}]}""")]
    [InlineData("groq", 17, 2, null, null, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req_1","usage":{"queue_time":0.02,"prompt_tokens":17,"prompt_time":0.001,"completion_tokens":2,"completion_time":0.004,"total_tokens":19,"total_time":0.005}}}""")]
    [InlineData("groq, not yet", 19, 2, null, null, """{"choices":[],"x_groq":null}""", """{"choices":[],"x_groq":{"id":"req_1"}}""", """{"choices":[],"usage":{"prompt_tokens":19,"completion_tokens":2}}""")]
    [InlineData("llama.cpp", 30, 9, 20, null, """{"choices":[],"timings":{"cache_n":20,"prompt_n":10,"prompt_ms":30.9,"prompt_per_second":619.2,"predicted_n":9,"predicted_ms":661.0}}""")]
    [InlineData("llama.cpp, both", 30, 9, 20, null, """{"choices":[],"usage":{"completion_tokens":9,"prompt_tokens":30,"total_tokens":39},"timings":{"cache_n":20,"prompt_n":10,"predicted_n":9}}""")]
    [InlineData("ollama", 26, 298, null, null, """{"choices":[],"usage":{"prompt_eval_count":26,"eval_count":298,"total_duration":10706818083}}""")]
    [InlineData("sums so far", 10, 9, null, null, """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14}}""", """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":9,"total_tokens":19}}""")]
    [InlineData("zeros at the end", 10, 9, 3, null, """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":9,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":3}}}""", """{"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}""")]
    [InlineData("nulls", 10, 9, null, null, """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":9,"total_tokens":null,"prompt_tokens_details":null}}""", """{"choices":[],"usage":null}""")]
    [InlineData("numbers that are none", 10, 9, null, null, """{"choices":[],"usage":{"prompt_tokens":10.0,"completion_tokens":9,"cached_tokens":"3","total_tokens":-4,"extra":[1,{"a":2}]}}""")]
    public async Task Counts_are_read_under_all_of_their_names(
        string who, int input, int output, int? cached, int? reasoning, params string[] events)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events([Text, End, .. events, "[DONE]"]);

        var usage = (await models.AskAsync()).Usage;

        Assert.NotNull(usage);
        Assert.Equal((who, (long?)input, output, input + output), (
            who, usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
        Assert.Equal((who, (long?)cached, reasoning), (who, usage.CachedInputTokenCount, usage.ReasoningTokenCount));
    }

    [Fact]
    public async Task Anthropics_cache_is_counted_into_the_input()
    {
        await using var models = await ModelHarness.StartAsync("anthropic-messages");
        models.Events(
            """{"type":"message_start","message":{"id":"msg_1","model":"m","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":90,"cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":0},"output_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}""",
            """{"type":"message_stop"}""");

        var usage = (await models.AskAsync()).Usage!;

        Assert.Equal((105, 7, 90), (usage.InputTokenCount, usage.OutputTokenCount, usage.CachedInputTokenCount));
        Assert.Equal(5, usage.AdditionalCounts![ModelProperties.CacheWrites]);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Nothing_but_zeros_counts_as_no_usage(string usage)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events(Text, End, $$"""{"choices":[],"usage":{{usage}}}""", "[DONE]");

        Assert.Null((await models.AskAsync()).Usage);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":9,"cost":0.00014,"cost_details":{"upstream_inference_cost":null},"is_byok":false}""", 140_000)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":9,"cost":{"input_tokens_cost":0.0,"total_cost":0.005}}""", 5_000_000)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":9,"cost":-3}""", null)]
    public async Task The_cost_that_a_provider_reports_is_read(string usage, int? nanoUsd)
    {
        await using var models = await ModelHarness.StartAsync();
        models.Events(Text, End, $$"""{"choices":[],"usage":{{usage}}}""", "[DONE]");

        var counts = (await models.AskAsync()).Usage!.AdditionalCounts;

        Assert.Equal((long?)nanoUsd, counts?.TryGetValue(ModelProperties.CostNanoUsd, out var cost) == true ? cost : null);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("hello world", 2)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 10)]
    [InlineData("你好，世界", 3)]
    public void Tokens_are_counted_by_a_vocabulary(string text, int tokens) => Assert.Equal(tokens, TokenCounter.Count([text]));

    [Fact]
    public void A_text_of_any_length_is_counted_in_bounded_work()
    {
        var word = TokenCounter.Count([new string('a', 1_000)]);

        Assert.Equal(word * 4_000, TokenCounter.Count([new string('a', 4_000_000)]));
        Assert.InRange(TokenCounter.Count([.. Enumerable.Repeat("hello world", 10_000)]), 19_000, 21_000);
    }
}
