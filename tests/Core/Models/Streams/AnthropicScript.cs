namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>Writes an answer as events of Anthropic's Messages API.</summary>
internal static class AnthropicScript
{
    private const string Head = "\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"x\"";

    public static StreamScript Write(StreamAnswer answer, StreamCase stream, Random random)
    {
        var dialect = stream.Dialect;
        var dropsStop = Bit(1);
        var dropsReason = Bit(2) && !dropsStop && answer.Finish != "length";
        var start = $"\"message\":{{{Head},\"content\":[],\"usage\":{{\"input_tokens\":3}}}}";
        var frames = new List<StreamFrame> { Frame("message_start", start) };
        var index = 0;
        if (answer.Reasoning.Length > 0)
        {
            AddBlock("\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"", 0,
                [.. Deltas("thinking", answer.Reasoning), .. Deltas("signature", answer.Seal)]);
        }

        var text = answer.Text + answer.Refusal; // there are no refusals apart from their reason
        if (text.Length > 0)
        {
            AddBlock(Bit(3) ? $"\"type\":\"text\",\"text\":{StreamFrame.Quote(text, random)}" : "\"type\":\"text\",\"text\":\"\"", 1,
                Bit(3) ? [] : Deltas("text", text));
        }

        for (var i = 0; i < answer.Calls.Count; i++)
        {
            var (call, isWhole) = (answer.Calls[i], Bit(3) || answer.Calls[i].Arguments == "{}");
            var head = $"\"type\":\"tool_use\",\"id\":\"toolu_{(Bit(8) ? 0 : i)}\",\"name\":\"{call.Name}\","
                + $"\"input\":{(isWhole ? call.Arguments : "{}")}";
            AddBlock(head, i + 2, isWhole ? [] : Deltas("input_json", call.Arguments));
        }

        if (stream.Interleaved)
        {
            frames = StreamFrame.Interleave(frames, random);
        }

        var content = frames.Count;
        var reason = answer switch
        {
            { Refusal.Length: > 0 } => "refusal",
            { Finish: "tool_calls" } => "tool_use",
            { Finish: "length" } => "max_tokens",
            _ => "end_turn",
        };
        if (!dropsReason)
        {
            frames.Add(Frame("message_delta", $"\"delta\":{{\"stop_reason\":\"{reason}\"}},\"usage\":{{\"output_tokens\":2}}"));
        }

        if (!dropsStop)
        {
            frames.Add(Frame("message_stop", null));
        }

        if (Bit(4))
        {
            frames.Add(new StreamFrame(null, "[DONE]"));
        }

        var finish = reason == "refusal" && !dropsReason ? "content_filter" : answer.Finish;
        var expected = answer with { Text = text, Refusal = "", Finish = finish };
        var whole = expected with { Finish = reason == "refusal" ? "content_filter" : answer.Finish };
        return new StreamScript(
            frames, content, Document(answer, text, reason, random), stream.OneDocument ? whole : expected, !dropsStop || Bit(4));

        bool Bit(int number) => (dialect >> number & 1) == 1;

        StreamFrame Frame(string type, string? fields, int lane = 0)
        {
            var data = string.Join(',', new[] { Bit(5) ? null : $"\"type\":\"{type}\"", fields }.Where(part => part is not null));
            return new StreamFrame(Bit(6) && !Bit(5) ? null : type, $"{{{data}}}", lane);
        }

        void AddBlock(string head, int lane, IEnumerable<string> deltas)
        {
            var at = Bit(7) && Bit(0) && !stream.Interleaved ? 0 : index++;
            frames.Add(Frame("content_block_start", $"\"index\":{at},\"content_block\":{{{head}}}", lane));
            frames.AddRange(deltas.Select(delta => Frame("content_block_delta", $"\"index\":{at},\"delta\":{delta}", lane)));
            if (!Bit(0))
            {
                frames.Add(Frame("content_block_stop", $"\"index\":{at}", lane));
            }
        }

        IEnumerable<string> Deltas(string kind, string value) => value.Length == 0 ? [] : StreamFrame.Cut(value, stream.Pieces, random)
            .Select(piece => $"{{\"type\":\"{kind}_delta\",\"{(kind == "input_json" ? "partial_json" : kind)}\":"
                + StreamFrame.Quote(piece, random) + "}");
    }

    private static string Document(StreamAnswer answer, string text, string reason, Random random)
    {
        var blocks = answer.Calls.Select((call, i) =>
            $"{{\"type\":\"tool_use\",\"id\":\"toolu_{i}\",\"name\":\"{call.Name}\",\"input\":{call.Arguments}}}");
        blocks = text.Length == 0 ? blocks : blocks.Prepend($"{{\"type\":\"text\",\"text\":{StreamFrame.Quote(text, random)}}}");
        blocks = answer.Reasoning.Length == 0 ? blocks
            : blocks.Prepend(
                $"{{\"type\":\"thinking\",\"thinking\":{StreamFrame.Quote(answer.Reasoning, random)},\"signature\":\"{answer.Seal}\"}}");
        return $"{{{Head},\"content\":[{string.Join(',', blocks)}],\"stop_reason\":\"{reason}\","
            + "\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}";
    }
}
