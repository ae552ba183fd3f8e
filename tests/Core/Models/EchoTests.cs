using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Configuration;
using OpenClaw.Models;
using OpenClaw.Models.Upstream;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class EchoTests
{
    private static readonly FunctionTool Weather = new("get_weather", null, JsonElement.Parse(
        """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1},"unit":{"enum":["c","f"]},"note":{"type":"string"}},"required":["city","days","unit"]}"""), null);

    private static readonly FunctionTool Clock = new("clock", null, null, null);

    [Fact]
    public async Task The_last_user_text_comes_back_word_by_word()
    {
        var updates = await StreamAsync(
            [new(ChatRole.System, "s"), new(ChatRole.User, "old"), new(ChatRole.Assistant, "x"), new(ChatRole.User, "one  two\nthree")]);

        Assert.Equal("text:one  |text:two\n|text:three|usage:8", CompletionsStreamTests.Describe(updates));
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
    }

    [Fact]
    public async Task Limits_and_stops_are_honoured()
    {
        var cut = await StreamAsync([new(ChatRole.User, "12345678901234")], new() { MaxOutputTokens = 2 });
        Assert.Equal(("12345678", ChatFinishReason.Length), (Text(cut), cut[^1].FinishReason));

        var emoji = await StreamAsync([new(ChatRole.User, "123😀567")], new() { MaxOutputTokens = 1 });
        Assert.Equal("123", Text(emoji));

        var stopped = await StreamAsync([new(ChatRole.User, "one two three")], new() { StopSequences = [" three", "two"] });
        Assert.Equal(("one ", ChatFinishReason.Stop), (Text(stopped), stopped[^1].FinishReason));
    }

    [Fact]
    public async Task There_is_always_an_answer()
    {
        Assert.Equal("[no text to echo]", Text(await StreamAsync([])));
        Assert.Equal("look [saw 1 image]", Text(await StreamAsync([new(ChatRole.User, [new TextContent("look"), Image])])));
        Assert.Equal("[saw 2 images]", Text(await StreamAsync([new(ChatRole.User, [Image, Image])])));
    }

    [Theory]
    [InlineData("What's the weather like in San Francisco?", "get_weather", """{"city":"San Francisco","days":1,"unit":"c"}""")]
    [InlineData("please use get_weather now", "get_weather", """{"city":"please use get_weather now","days":1,"unit":"c"}""")]
    [InlineData("the CLOCK", "clock", "{}")]
    [InlineData("nothing of that", null, null)]
    public async Task A_tool_the_text_mentions_is_called(string text, string? name, string? arguments)
    {
        var updates = await StreamAsync([new(ChatRole.User, text)], new() { Tools = [Weather, Clock] });

        var call = (await updates.ToAsyncEnumerable().FoldAsync()).Messages[0].Contents.OfType<RawFunctionCall>().SingleOrDefault();
        Assert.Equal((name, arguments), (call?.Name, call?.ArgumentsText));
        Assert.Equal(name is null ? ChatFinishReason.Stop : ChatFinishReason.ToolCalls, updates[^1].FinishReason);
    }

    [Theory]
    [InlineData("required", "get_weather")]
    [InlineData("clock", "clock")]
    [InlineData("none", null)]
    public async Task A_tool_choice_is_obeyed(string choice, string? name)
    {
        var options = new ChatOptions { Tools = [Weather, Clock], ToolMode = CompletionsRequestTests.Mode(choice) };
        var updates = await StreamAsync([new(ChatRole.User, "the clock and the weather")], options);

        Assert.Equal(name, updates.SelectMany(update => update.Contents).OfType<ToolCallDelta>().FirstOrDefault()?.Name);
    }

    [Fact]
    public async Task After_a_tool_result_it_answers_with_the_result()
    {
        var updates = await StreamAsync(
            [new(ChatRole.User, "weather?"), new(ChatRole.Assistant, [new RawFunctionCall("c", "get_weather", "{}")]), new(
                ChatRole.Tool, [new FunctionResultContent("c", "18 degrees")])],
            new() { Tools = [Weather], ToolMode = ChatToolMode.RequireAny });

        Assert.Equal("18 degrees", Text(updates));
    }

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":["null","string"]}},"required":["a","b"]}""",
        """{"a":"hi","b":null}""")]
    [InlineData("""{"type":"object","required":["n","m","x","f","l"],"properties":{"n":{"type":"number","minimum":2},"m":{"type":"integer","maximum":-3},"x":{"type":"integer","exclusiveMinimum":0},"f":{"type":"boolean"},"l":{"type":"array","minItems":2,"items":{"const":1}}}}""", """{"n":2,"m":-3,"x":1,"f":false,"l":[1,1]}""")]
    [InlineData("""{"$defs":{"p":{"type":"object","required":["d"],"properties":{"d":{"type":"string","format":"date"}}}},"type":"object","required":["p"],"properties":{"p":{"$ref":"#/$defs/p"}}}""", """{"p":{"d":"2000-01-01"}}""")]
    [InlineData("""{"type":"object","required":["s","t","u"],"properties":{"s":{"type":"string","maxLength":1},"t":{"type":"string","minLength":4},"u":{"anyOf":[{"type":"null"},{"type":"string"}]}}}""", """{"s":"h","t":"hi--","u":null}""")]
    [InlineData("""{"type":"object","allOf":[{"required":["a"],"properties":{"a":{"enum":["x","y"]}}}],"required":["a","b"],"properties":{"b":{"default":5}}}""", """{"a":"x","b":5}""")]
    public async Task A_schema_is_filled_with_the_least_that_is_valid(string schema, string expected)
    {
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema)) };

        CompletionsRequestTests.AssertJson(expected, JsonElement.Parse(Text(await StreamAsync([new(ChatRole.User, "hi")], options))));
    }

    [Fact]
    public async Task A_schema_that_contains_itself_ends()
    {
        var schema = JsonElement.Parse("""{"type":"object","required":["next"],"properties":{"next":{"$ref":"#/properties/next"}},"allOf":[{"$ref":"#/properties/next"}]}""");

        JsonElement.Parse(Text(
            await StreamAsync([new(ChatRole.User, "hi")], new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) })));
        Assert.Equal("""{"text":"hi"}""", Text(
            await StreamAsync([new(ChatRole.User, "hi")], new() { ResponseFormat = ChatResponseFormat.Json })));
    }

    [Fact]
    public async Task It_stops_when_the_caller_leaves()
    {
        using var leaving = new CancellationTokenSource();
        await using var updates = Echo().GetStreamingResponseAsync(
            [new ChatMessage(ChatRole.User, "a b c")], null, leaving.Token).GetAsyncEnumerator(leaving.Token);
        await updates.MoveNextAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await updates.MoveNextAsync());
    }

    private static DataContent Image => new("data:image/png;base64,iVBORw0KGgo=");

    private static IChatClient Echo()
    {
        using var catalog = new ModelCatalog(
            new GatewayConfigStore(new GatewayConfig()), new ModelHttpOptions(), NullLogger<ModelCatalog>.Instance);
        return catalog.Find(catalog.DefaultReference)!.Client;
    }

    private static async Task<List<ChatResponseUpdate>> StreamAsync(ChatMessage[] messages, ChatOptions? options = null) =>
        await Echo().GetStreamingResponseAsync(messages, options).ToListAsync();

    private static string Text(List<ChatResponseUpdate> updates) => string.Concat(updates.Select(update => update.Text));
}
