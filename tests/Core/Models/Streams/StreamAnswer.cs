using Microsoft.Extensions.AI;
using OpenClaw.Models;

namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>What a model says, without the wire. Calls have no ids: gateways may replace them.</summary>
/// <param name="Finish">In the words of chat completions.</param>
internal sealed record StreamAnswer(
    string Reasoning, string Text, string Refusal, IReadOnlyList<StreamCall> Calls, string Finish = "stop", string Seal = "")
{
    /// <summary>What provider answers consist of, with everything that a reader may stumble over.</summary>
    public static IReadOnlyList<StreamAnswer> All { get; } =
    [
        new("", "The answer is 42.", "", []),
        new("", "hi 😀 ok 👩‍👩‍👧 – \u2028 é\r\n\tdata: [DONE]\n\nevent: error\n{\"choices\":[]} \\u0041 \"q\"", "", []),
        new("I think.\n\nWell, 🤔 yes", "fine", "", [], Seal: "c2VhbA=="),
        new("", "", "I cannot help with that 🙅.", []),
        new("", "", "", [new("get_weather", "{\"city\":\"Oslo\"}")], "tool_calls"),
        new("", "", "", [new("get_time", "{}")], "tool_calls"),
        new("", "Let me look. ", "", [
            new("get_weather", "{\"city\":\"Tromsø 😀\",\"deep\":[{\"a\":\"}{\"},[]]}"),
            new("get_time", "{}"),
            new("get_weather", "{\"city\":\"Rome \\\"x\\\" \\\\\"}")], "tool_calls"),
        new("Two cities 🏙", "", "", [new("f", "{\"a\":1}"), new("f", "{\"a\":2}")], "tool_calls", "c2VhbGVk"),
        new("", "a long text that is cut", "", [], "length"),
    ];

    public static StreamAnswer Of(ChatResponse response)
    {
        var contents = response.Messages[0].Contents;
        return new StreamAnswer(
            string.Concat(contents.OfType<TextReasoningContent>().Select(content => content.Text)),
            string.Concat(contents.OfType<TextContent>().Select(content => content.Text)),
            string.Concat(contents.OfType<RefusalDelta>().Select(content => content.Text)),
            [.. contents.OfType<RawFunctionCall>().Select(call => new StreamCall(call.Name, call.ArgumentsText))],
            response.FinishReason?.Value ?? "");
    }

    /// <summary>For comparisons. Calls that were written side by side may come in any order.</summary>
    public override string ToString() =>
        $"{Finish}: <{Reasoning}> <{Text}> <{Refusal}> "
        + string.Join(' ', Calls.Select(call => call.Name + call.Arguments).Order(StringComparer.Ordinal));
}

internal sealed record StreamCall(string Name, string Arguments);
