using System.Text;

namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>Writes an answer as chat completion chunks.</summary>
internal static class CompletionsScript
{
    private const string Head = "\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\"";
    private const string Usage = "{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}";

    private enum CallShape
    {
        Documented,
        IdInEachPieceNoIndex,
        IdInEachPiece,
        OneIdForAll,
        IndexZeroForAll,
        NoIds,
        NameLater,
        WholeCallsRepeated,
    }

    public static StreamScript Write(StreamAnswer answer, StreamCase stream, Random random)
    {
        var dialect = stream.Dialect;
        var shape = (CallShape)(dialect & 7);
        var finishes = (dialect >> 3) & 3; // 0, 3: in a chunk of its own, 1: with the last content, 2: in every chunk
        var hasDone = !Bit(5) || finishes == 2;
        var deltas = Deltas(answer, stream, shape, Bit(8), random);
        if (stream.Interleaved)
        {
            deltas = StreamFrame.Interleave(deltas, random);
        }

        var reason = Reason(answer.Finish, random);
        var frames = new List<StreamFrame>();
        if (!Bit(9))
        {
            frames.Add(Chunk("\"delta\":{\"role\":\"assistant\",\"content\":\"\"}", null));
        }

        var said = new StringBuilder();
        for (var i = 0; i < deltas.Count; i++)
        {
            var isLast = i == deltas.Count - 1;
            said.Append(deltas[i].Name); // the text of the piece
            var message = Bit(7) ? $",\"message\":{{\"role\":\"assistant\",\"content\":{StreamFrame.Quote(said.ToString(), random)}}}" : "";
            var delta = $"\"delta\":{{{deltas[i].Data}}}";
            frames.Add(Chunk(
                random.Next(2) == 0 ? delta + message : message.Length > 0 ? message[1..] + "," + delta : delta,
                finishes == 2 || (isLast && finishes == 1) ? reason : null));
            if (Bit(10))
            {
                frames.Add(new StreamFrame(
                    null,
                    $"{{{Head},\"choices\":[{{\"delta\":{{\"content\":\"other\"}},\"finish_reason\":\"length\",\"index\":1}}]}}"));
            }
        }

        var content = frames.Count;
        if (finishes is 0 or 3)
        {
            var whole = Bit(11) ? $"\"message\":{Message(answer, random)}" : "\"delta\":{}";
            frames.Add(Chunk(whole, reason, finishes == 3 ? $",\"usage\":{Usage}" : ""));
        }

        if (!Bit(6))
        {
            frames.Add(new StreamFrame(null, $"{{{Head},\"choices\":[],\"usage\":{Usage}}}"));
        }

        if (hasDone)
        {
            frames.Add(new StreamFrame(null, "[DONE]"));
        }

        var document = $"{{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{{\"index\":0,"
            + $"\"message\":{Message(answer, random)},\"finish_reason\":\"{reason}\"}}],\"usage\":{Usage}}}";
        var beforeEnd = finishes == 2 ? content : Math.Min(content, frames.Count - 1);
        return new StreamScript(frames, beforeEnd, document, answer, hasDone, MayEndEarly: finishes == 2);

        bool Bit(int number) => (dialect >> number & 1) == 1;
    }

    private static StreamFrame Chunk(string fields, string? reason, string more = "")
    {
        var finish = reason is null ? "null" : $"\"{reason}\"";
        return new StreamFrame(null, $"{{{Head},\"choices\":[{{\"index\":0,{fields},\"finish_reason\":{finish}}}]{more}}}");
    }

    private static string Reason(string finish, Random random) => finish == "length" && random.Next(2) == 0 ? "model_length" : finish;

    /// <summary>The members of each delta; the name of a frame is the text that it adds to the content.</summary>
    private static List<StreamFrame> Deltas(StreamAnswer answer, StreamCase stream, CallShape shape, bool reasonsTwice, Random random)
    {
        var frames = new List<StreamFrame>();
        foreach (var piece in Pieces(answer.Reasoning))
        {
            var text = StreamFrame.Quote(piece, random);
            frames.Add(new StreamFrame(null, $"\"reasoning_content\":{text}" + (reasonsTwice ? $",\"reasoning\":{text}" : "")));
        }

        foreach (var piece in Pieces(answer.Text))
        {
            frames.Add(new StreamFrame(piece, $"\"content\":{StreamFrame.Quote(piece, random)}", 1));
        }

        foreach (var piece in Pieces(answer.Refusal))
        {
            frames.Add(new StreamFrame(null, $"\"refusal\":{StreamFrame.Quote(piece, random)}", 1));
        }

        for (var i = 0; i < answer.Calls.Count; i++)
        {
            var lane = shape == CallShape.WholeCallsRepeated ? 0 : i + 2;
            frames.AddRange(Call(answer.Calls[i], i, stream, shape, random).Select(data => new StreamFrame(null, data, lane)));
        }

        return frames;

        IEnumerable<string> Pieces(string text) => text.Length == 0 ? [] : StreamFrame.Cut(text, stream.Pieces, random);
    }

    private static IEnumerable<string> Call(StreamCall call, int number, StreamCase stream, CallShape shape, Random random)
    {
        var id = shape == CallShape.NoIds ? null : shape == CallShape.OneIdForAll ? "call" : $"call_{number}";
        int? index = shape == CallShape.IdInEachPieceNoIndex ? null : shape == CallShape.IndexZeroForAll ? 0 : number;
        var repeatsId = shape is CallShape.IdInEachPiece or CallShape.IdInEachPieceNoIndex or CallShape.IndexZeroForAll;
        if (shape == CallShape.WholeCallsRepeated)
        {
            yield return Piece(id, call.Name, call.Arguments);
            yield return Piece(id, call.Name, call.Arguments);
            yield break;
        }

        var named = shape == CallShape.NameLater ? 1 : 0;
        var at = 0;
        foreach (var piece in StreamFrame.Cut(call.Arguments, stream.Pieces, random).Prepend(""))
        {
            yield return Piece(at == 0 || repeatsId ? id : null, at == named ? call.Name : null, piece);
            at++;
        }

        string Piece(string? id, string? name, string arguments) => "\"tool_calls\":[{"
            + (index is null ? "" : $"\"index\":{index},")
            + (id is null ? "" : $"\"id\":\"{id}\",\"type\":\"function\",")
            + "\"function\":{" + (name is null ? "" : $"\"name\":\"{name}\",") + $"\"arguments\":{StreamFrame.Quote(arguments, random)}}}}}]";
    }

    private static string Message(StreamAnswer answer, Random random)
    {
        var calls = answer.Calls.Select((call, i) =>
            $"{{\"id\":\"call_{i}\",\"type\":\"function\",\"function\":{{\"name\":\"{call.Name}\","
            + $"\"arguments\":{StreamFrame.Quote(call.Arguments, random)}}}}}");
        return "{\"role\":\"assistant\",\"content\":" + (answer.Text.Length == 0 ? "null" : StreamFrame.Quote(answer.Text, random))
            + (answer.Reasoning.Length == 0 ? "" : $",\"reasoning_content\":{StreamFrame.Quote(answer.Reasoning, random)}")
            + (answer.Refusal.Length == 0 ? "" : $",\"refusal\":{StreamFrame.Quote(answer.Refusal, random)}")
            + (answer.Calls.Count == 0 ? "" : $",\"tool_calls\":[{string.Join(',', calls)}]") + "}";
    }
}
