namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>Writes an answer as events of the Responses API.</summary>
internal static class ResponsesScript
{
    public static StreamScript Write(StreamAnswer answer, StreamCase stream, Random random)
    {
        var dialect = stream.Dialect;
        var (noItemDone, noOutput) = (Bit(2), Bit(3));
        var noDeltas = Bit(0) && !(Bit(1) && noItemDone && noOutput); // one source must remain
        var noAdded = Bit(7) && !(noItemDone && noOutput);
        var allZero = Bit(11) && !noAdded && !stream.Interleaved;
        var frames = new List<StreamFrame>();
        if (!Bit(10))
        {
            frames.Add(Frame("response.created", "\"response\":{\"id\":\"r\",\"model\":\"m\",\"status\":\"in_progress\",\"output\":[]}"));
        }

        var items = new List<string>();
        if (answer.Reasoning.Length > 0)
        {
            var whole = "\"type\":\"reasoning\","
                + $"\"summary\":[{{\"type\":\"summary_text\",\"text\":{StreamFrame.Quote(answer.Reasoning, random)}}}],"
                + $"\"encrypted_content\":\"{answer.Seal}\"";
            AddItem(
                "\"type\":\"reasoning\",\"summary\":[]", whole, 0, "reasoning_summary_text", "summary_index", "text", answer.Reasoning);
        }

        if (answer.Text.Length > 0)
        {
            var whole = Message($"{{\"type\":\"output_text\",\"text\":{StreamFrame.Quote(answer.Text, random)}}}");
            AddItem(Message(""), whole, 1, "output_text", "content_index", "text", answer.Text);
        }

        if (answer.Refusal.Length > 0)
        {
            var whole = Message($"{{\"type\":\"refusal\",\"refusal\":{StreamFrame.Quote(answer.Refusal, random)}}}");
            AddItem(Message(""), whole, 1, "refusal", "content_index", "refusal", answer.Refusal);
        }

        for (var i = 0; i < answer.Calls.Count; i++)
        {
            var call = answer.Calls[i];
            var head = $"\"type\":\"function_call\",\"call_id\":\"call_{i}\",\"name\":\"{call.Name}\",\"arguments\":";
            var whole = head + StreamFrame.Quote(call.Arguments, random);
            AddItem(head + "\"\"", whole, i + 2, "function_call_arguments", null, "arguments", call.Arguments);
        }

        if (stream.Interleaved)
        {
            frames = StreamFrame.Interleave(frames, random);
        }

        var content = frames.Count;
        var isCut = answer.Finish == "length";
        string Response(IEnumerable<string> output) => "{\"id\":\"r\",\"model\":\"m\",\"error\":null,"
            + (isCut ? "\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}," : "\"status\":\"completed\",")
            + $"\"output\":[{string.Join(',', output)}],\"usage\":{{\"input_tokens\":3,\"output_tokens\":2}}}}";
        frames.Add(Frame(
            Bit(8) ? "response.done" : isCut ? "response.incomplete" : "response.completed",
            $"\"response\":{Response(noOutput ? [] : items)}"));
        if (Bit(9))
        {
            frames.Add(new StreamFrame(null, "[DONE]"));
        }

        return new StreamScript(frames, content, Response(items), answer, HasEndMark: true);

        bool Bit(int number) => (dialect >> number & 1) == 1;

        string Message(string part) => $"\"type\":\"message\",\"role\":\"assistant\",\"content\":[{part}]";

        StreamFrame Frame(string type, string fields, int lane = 0) =>
            new(Bit(6) && !Bit(5) ? null : type, Bit(5) ? $"{{{fields}}}" : $"{{\"type\":\"{type}\",{fields}}}", lane);

        void AddItem(string head, string whole, int lane, string kind, string? part, string field, string value)
        {
            var number = items.Count;
            var id = $"\"id\":\"item_{number}\",";
            var at = Bit(4) ? $"\"item_id\":\"item_{number}\"" : $"\"output_index\":{(allZero ? 0 : number)}";
            var where = part is null || random.Next(2) == 0 ? at : $"{at},\"{part}\":0";
            items.Add($"{{{id}{whole}}}");
            if (!noAdded)
            {
                frames.Add(Frame("response.output_item.added", $"{at},\"item\":{{{id}{head}}}", lane));
            }

            foreach (var piece in noDeltas ? [] : StreamFrame.Cut(value, stream.Pieces, random))
            {
                frames.Add(Frame($"response.{kind}.delta", $"{where},\"delta\":{StreamFrame.Quote(piece, random)}", lane));
            }

            if (!Bit(1))
            {
                frames.Add(Frame($"response.{kind}.done", $"{where},\"{field}\":{StreamFrame.Quote(value, random)}", lane));
            }

            if (!noItemDone)
            {
                frames.Add(Frame("response.output_item.done", $"{at},\"item\":{{{id}{whole}}}", lane));
            }
        }
    }
}
