using System.Text;

namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>The bytes of a script, as one case sends them.</summary>
/// <param name="Cut">Where the connection ends, or null.</param>
/// <param name="Resets">Whether it ends with an exception.</param>
/// <param name="HasError">Whether the provider reports an error.</param>
internal sealed record StreamBytes(byte[] Bytes, int? Cut, bool Resets, bool HasError)
{
    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];

    private static readonly string[] KeepAlives =
    [
        ": OPENROUTER PROCESSING\n\n", ":\n", "\n", "data:\n\n", "data: \n\n", "event: ping\n\n",
        "event: ping\ndata: {\"type\":\"ping\"}\n\n",
        "event: keepalive\ndata: {}\n\n", "data: {\"type\":\"ping\"}\n\n", "data: ping\n\n", "data: : keep-alive\n\n", "id: 7\n\n",
        "retry: 10\n\n",
    ];

    private static readonly string[] ErrorEvents =
    [
        "event: error\ndata: {\"request_id\":\"r\",\"code\":\"InternalError\",\"message\":\"x\"}\n\n", "event: error\ndata: oh\n\n",
        "data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}\n\n", "data: {\"error\":\"x\"}\n\n",
        "data: {\"code\":\"InternalError\",\"message\":\"x\"}\n\n", "data: {\"object\":\"error\",\"message\":\"x\",\"code\":500}\n\n",
        "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n", "data: {\"detail\":\"x\"}\n\n",
        "data: {\"error_code\":336,\"error_msg\":\"x\"}\n\n",
    ];

    private static readonly string[] Garbage =
        ["garbage", "data: {\"x\":\n\n", "\0\0", "<html>\n\n", "data: nonsense\n\n", new string('x', 70_000)];

    public static StreamBytes Of(StreamScript script, StreamCase stream, Random random)
    {
        var fault = stream.Fault % 6;
        var text = stream.OneDocument
            ? new string(' ', stream.KeepAlives % 4) + "\r\n" + (fault == 3 ? "{\"error\":{\"message\":\"x\"}}" : script.Document)
            : Events(script, stream, fault == 3, random);
        var bytes = Encoding.UTF8.GetBytes(text);
        return new StreamBytes(
            bytes, fault >= 4 ? random.Next(bytes.Length) : null, fault == 5 || script.MayEndEarly, fault == 3);
    }

    private static string Events(StreamScript script, StreamCase stream, bool hasError, Random random)
    {
        var text = new StringBuilder();
        var error = hasError ? random.Next(script.ContentFrames + 1) : -1;
        for (var i = 0; i < script.Frames.Count; i++)
        {
            var alive = stream.KeepAlives == 0 ? 0 : random.Next(stream.KeepAlives % 3 + 1);
            for (var n = 0; n < alive; n++)
            {
                Add(KeepAlives[random.Next(KeepAlives.Length)]);
            }

            if (i == error)
            {
                Add(ErrorEvents[random.Next(ErrorEvents.Length)]);
            }

            var (name, data, _) = script.Frames[i];
            var isLast = i == script.Frames.Count - 1;
            var end = isLast && stream.MissingLastBlankLine ? "\n"
                : stream.MissingBlankLines && !isLast && stream.KeepAlives == 0 && error < 0 && random.Next(2) == 0 ? "\n" : "\n\n";
            Add((name is null ? "" : $"event: {name}\n") + (random.Next(4) == 0 ? "data:" : "data: ") + data + end);
        }

        if (stream.MissingLastBlankLine)
        {
            return random.Next(2) == 0 ? text.ToString() : text.ToString().TrimEnd('\r', '\n');
        }

        return stream.Garbage && script.HasEndMark ? text + Garbage[random.Next(Garbage.Length)] : text.ToString();

        void Add(string lines)
        {
            foreach (var piece in lines.Split('\n').SkipLast(1))
            {
                text.Append(piece).Append(LineEnds[stream.LineEnd % 4 == 3 ? random.Next(2) : stream.LineEnd % 4]);
            }
        }
    }
}
