using System.Text.Json;
using Xunit;

namespace OpenClaw.Tests.Conformance;

/// <summary>The tests of the public compliance suite, by their public ids, written anew from its specification. Source:
/// OpenResponses 2026-04-24 and its open proposals.</summary>
internal sealed class ComplianceSuite(Uri baseUrl)
{
    private const string Weather = """{"type":"function","name":"get_weather","description":"Current weather","parameters":{"type":"object","properties":{"location":{"type":"string"}},"required":["location"]}}""";

    // 32 by 32 pixels.
    private const string Image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKElEQVR4nGP4z8BAU8QwasGoBaMWjFowasGoBaMWjFowasGoBaMWDCwCAPVf/wEpg3DMAAAAAElFTkSuQmCC";

    public IReadOnlyDictionary<string, Func<Task>> Http => new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
    {
        ["basic-response"] = () => CompletesAsync(User("Say hello in exactly 3 words.")),
        ["assistant-phase"] = () => CompletesAsync(
            """{"type":"message","role":"assistant","phase":"commentary","content":"I will look."},{"type":"message","role":"assistant","phase":"final_answer","content":"It is blue."},"""
            + User("Are you sure?")),
        ["streaming-response"] = StreamAsync,
        ["system-prompt"] = () =>
            CompletesAsync("""{"type":"message","role":"system","content":"You are a pirate."},""" + User("Say hello.")),
        ["tool-calling"] = ToolCallAsync,
        ["image-input"] = () => CompletesAsync(
            """{"type":"message","role":"user","content":[{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"IMAGE"}]}"""
                .Replace("IMAGE", Image, StringComparison.Ordinal)),
        ["multi-turn"] = () => CompletesAsync(
            User("My name is Alice.") + """,{"type":"message","role":"assistant","content":"Hello Alice."},"""
            + User("What is my name?")),
        ["compact-response"] = CompactAsync,
        ["compact-missing-model"] = CompactMissingModelAsync,
        ["tool-calling-streaming"] = ToolCallStreamAsync,
        ["function-call-roundtrip"] = RoundTripAsync,
        ["previous-response-id"] = PreviousAsync,
    };

    public IReadOnlyDictionary<string, Func<Task>> WebSocket => new SocketSuite(baseUrl, PostAsync).Cases;

    public static string User(string text) => $$"""{"type":"message","role":"user","content":"{{text}}"}""";

    /// <summary>Posts and checks the status and, for a response, its schema.</summary>
    public async Task<JsonElement> PostAsync(string path, string body, string shape)
    {
        using var exchange = await RawExchange.PostAsync(baseUrl, path, body);
        Assert.Contains("application/json", exchange.Headers["content-type"], StringComparison.Ordinal);
        var text = await exchange.ReadAllAsync();
        Assert.True(exchange.Status == 200, $"{exchange.Status}: {text}");
        var answer = JsonElement.Parse(text);
        Assert.Empty(ResponseSchema.Check(answer, shape));
        return answer;
    }

    private async Task<JsonElement> CompletesAsync(string items)
    {
        var response = await PostAsync("/v1/responses", $$"""{"model":"openclaw","input":[{{items}}]}""", "response");
        AssertCompleted(response);
        return response;
    }

    private static void AssertCompleted(JsonElement response)
    {
        Assert.True(response.GetProperty("output").GetArrayLength() > 0);
        Assert.Equal("completed", response.GetProperty("status").GetString());
    }

    /// <summary>True where a host forwards the bytes and may cut them anywhere.</summary>
    public bool IsProxied { get; init; }

    private async Task<SuiteStream> ReadStreamAsync(string body)
    {
        using var exchange = await RawExchange.PostAsync(baseUrl, "/v1/responses", body);
        Assert.Equal(200, exchange.Status);
        Assert.StartsWith("text/event-stream", exchange.Headers["content-type"], StringComparison.Ordinal);
        var stream = await SuiteStream.ReadAsync(exchange, forgets: !IsProxied);
        Assert.Empty(stream.Faults);
        Assert.NotEmpty(stream.Events);
        Assert.True(stream.IsDone);
        return stream;
    }

    private async Task StreamAsync()
    {
        var stream = await ReadStreamAsync($$"""{"model":"openclaw","stream":true,"input":[{{User("Count from 1 to 5.")}}]}""");
        AssertCompleted(stream.Final!.Value);
        Assert.Equal("Count from 1 to 5.", string.Concat(
            stream.OfType("response.output_text.delta").Select(e => e.GetProperty("delta").GetString())));
    }

    private async Task ToolCallAsync()
    {
        var response = await PostAsync(
            "/v1/responses", $$"""{"model":"openclaw","tools":[{{Weather}}],"input":[{{User("What's the weather like in San Francisco?")}}]}""", "response");
        Assert.Contains(response.GetProperty("output").EnumerateArray(), i => i.GetProperty("type").GetString() == "function_call");
    }

    private async Task ToolCallStreamAsync()
    {
        var stream = await ReadStreamAsync(
            $$"""{"model":"openclaw","stream":true,"tools":[{{Weather}}],"input":[{{User("What's the weather like in San Francisco?")}}]}""");
        var added = Assert.Single(stream.OfType("response.output_item.added")).GetProperty("item");
        var done = Assert.Single(stream.OfType("response.output_item.done")).GetProperty("item");
        Assert.Equal(("function_call", ""), (added.GetProperty("type").GetString(), added.GetProperty("arguments").GetString()));
        Assert.Equal(added.GetProperty("id").GetString(), done.GetProperty("id").GetString());
        var deltas = string.Concat(stream.OfType("response.function_call_arguments.delta").Select(e => e.GetProperty("delta").GetString()));
        Assert.Equal(done.GetProperty("arguments").GetString(), deltas);
        Assert.Equal(deltas, Assert.Single(stream.OfType("response.function_call_arguments.done")).GetProperty("arguments").GetString());
    }

    private async Task RoundTripAsync()
    {
        var first = await PostAsync(
            "/v1/responses",
            $$"""{"model":"openclaw","tools":[{{Weather}}],"tool_choice":{"type":"function","name":"get_weather"},"input":"How is it in Oslo?"}""", "response");
        var call = first.GetProperty("output").EnumerateArray().Single(i => i.GetProperty("type").GetString() == "function_call");
        var second = await PostAsync(
            "/v1/responses",
            $$"""{"model":"openclaw","previous_response_id":"{{first.GetProperty("id").GetString()}}","input":[{"type":"function_call_output","call_id":"{{call.GetProperty("call_id").GetString()}}","output":"4 degrees"}]}""",
            "response");
        AssertCompleted(second);
    }

    private async Task PreviousAsync()
    {
        var first = await CompletesAsync(User("Remember this code word: papaya."));
        var second = await PostAsync(
            "/v1/responses", $$"""{"model":"openclaw","previous_response_id":"{{first.GetProperty("id").GetString()}}","input":"What is the code word?"}""", "response");
        AssertCompleted(second);
        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("previous_response_id").GetString());
    }

    private async Task CompactAsync()
    {
        var compacted = await PostAsync(
            "/v1/responses/compact",
            $$"""{"model":"openclaw","prompt_cache_key":"k","input":[{{User("My name is Alice.")}},{"type":"message","role":"assistant","content":"Hello Alice."}]}""",
            "compaction");
        Assert.Contains(compacted.GetProperty("output").EnumerateArray(), i => i.GetProperty("type").GetString() == "compaction");
    }

    private async Task CompactMissingModelAsync()
    {
        using var exchange = await RawExchange.PostAsync(baseUrl, "/v1/responses/compact", $$"""{"input":[{{User("Hi")}}]}""");
        Assert.Contains(exchange.Status, (int[])[400, 422]);
    }
}
