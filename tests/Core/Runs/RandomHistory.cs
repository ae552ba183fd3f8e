using OpenClaw.Models.Anthropic;
using OpenClaw.Models.Completions;
using OpenClaw.Runs.Context;
using OpenClaw.Sessions;

namespace OpenClaw.Tests.Core.Runs;

/// <summary>A conversation made of bytes, two an item, with all the faults that stored sessions and callers bring.</summary>
internal static class RandomHistory
{
    /// <summary>Stands in arguments that were cut off; no provider may see it.</summary>
    public const string Cut = "CUT-OFF";

    private static readonly string[] Ids =
        ["call_1", "call_1", "call_2", "functions.f:0", "functions.f_0", "call_1_2", "", new('x', 70), new string('x', 69) + "y"];

    private static readonly string[] Names = ["f", "get_weather", "two words", new('n', 80), "ünïcode"];

    private static readonly string[] Blank = ["", " ", "\n\t"];

    public static List<ConversationItem> From(IReadOnlyList<byte> bytes)
    {
        var items = new List<ConversationItem>();
        for (var i = 0; i + 1 < bytes.Count; i += 2)
        {
            items.Add(Item(bytes[i], bytes[i + 1], items.Count));
        }

        return items;
    }

    private static ConversationItem Item(int kind, int pick, int number) => (kind % 20) switch
    {
        0 or 1 => new MessageItem("user", [new TextPart($"user {number}")]),
        2 => new MessageItem("user", [new TextPart(Of(Blank, pick))]),
        3 => new MessageItem("user", [new TextPart($"user {number}"), Picture]),
        4 => new MessageItem("assistant", [new TextPart($"assistant {number}")]),
        5 => new MessageItem("assistant", [new TextPart($"assistant {number}" + Of(Blank, pick))]) { Interrupted = pick % 2 == 0 },
        6 => new MessageItem("assistant", [new TextPart(Of(Blank, pick))]),
        7 => new MessageItem("assistant", []),
        8 => new MessageItem(pick % 2 == 0 ? "system" : "developer", [new TextPart("system")]),
        9 or 10 or 11 => new FunctionCallItem(Of(Ids, pick), Of(Names, pick / 9), """{"a":1}"""),
        12 => new FunctionCallItem(Of(Ids, pick), "f", $$"""{"a":"{{Cut}}""") { Interrupted = true },
        13 => new FunctionCallItem(Of(Ids, pick), "f", Of(["", "null", "[1]", "{\"a\":", "plain"], pick / 9)),
        14 or 15 => new FunctionCallOutputItem(Of(Ids, pick), [new TextPart($"result {number}")]) { IsError = pick % 5 == 0 },
        16 => new FunctionCallOutputItem(Of(Ids, pick), [new TextPart($"result {number}"), Picture]),
        17 => new FunctionCallOutputItem(Of(Ids, pick), [new TextPart(Of(Blank, pick))]),
        18 => Reasoning(pick),
        _ => pick % 3 == 0 ? Compaction.Create("summary") : new MessageItem("assistant", [new RefusalPart("no")]),
    };

    private static ImagePart Picture => new("data:image/png;base64,iVBORw0KGgo=");

    private static ReasoningItem Reasoning(int pick) => new(pick % 2 == 0 ? ["thought"] : [])
    {
        Interrupted = pick % 11 == 0,
        Origin = Of([null, "mock/m", "other/claude-x", "other/gpt-5", "mock/deepseek-chat"], pick / 7),
        EncryptedContent = Of(
            [
                null, "openai-sealed", ChatReasoning.Of("reasoning_content"), ChatReasoning.Of("reasoning"),
                new ChatReasoning("reasoning", System.Text.Json.JsonElement.Parse("[{}]")).Seal(),
                SealedThinking.Seal([new ThinkingBlock("hm", "sig")]), SealedThinking.Seal([new ThinkingBlock("hm")]),
            ], pick),
    };

    private static T Of<T>(T[] values, int pick) => values[pick % values.Length];
}
