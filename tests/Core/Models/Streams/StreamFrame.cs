using System.Globalization;
using System.Text;

namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>One event of a stream.</summary>
/// <param name="Name">Its <c>event</c> field.</param>
/// <param name="Lane">Events of different lanes may change places, as long as both are above 0; those of one lane keep their
/// order.</param>
internal sealed record StreamFrame(string? Name, string Data, int Lane = 0)
{
    /// <summary>Puts lanes side by side between the events of lane 0.</summary>
    public static List<StreamFrame> Interleave(IReadOnlyList<StreamFrame> frames, Random random)
    {
        var mixed = new List<StreamFrame>();
        for (var start = 0; start < frames.Count;)
        {
            if (frames[start].Lane == 0)
            {
                mixed.Add(frames[start++]);
                continue;
            }

            var end = start;
            while (end < frames.Count && frames[end].Lane > 0)
            {
                end++;
            }

            var lanes = frames.Skip(start).Take(end - start)
                .GroupBy(frame => frame.Lane).Select(lane => new Queue<StreamFrame>(lane)).ToList();
            while (lanes.Count > 0)
            {
                var lane = lanes[random.Next(lanes.Count)];
                mixed.Add(lane.Dequeue());
                if (lane.Count == 0)
                {
                    lanes.Remove(lane);
                }
            }

            start = end;
        }

        return mixed;
    }

    /// <summary>Cuts a text between any two UTF-16 units.</summary>
    public static IEnumerable<string> Cut(string text, int most, Random random)
    {
        var cuts = Enumerable.Range(0, random.Next(Math.Max(1, most))).Select(_ => random.Next(text.Length + 1)).Order().ToList();
        var from = 0;
        foreach (var cut in cuts.Append(text.Length))
        {
            yield return text[from..cut];
            from = cut;
        }
    }

    /// <summary>JSON text of a string, with escapes where they are needed and sometimes elsewhere.</summary>
    public static string Quote(string text, Random random)
    {
        var json = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (isPair && random.Next(2) == 0)
            {
                json.Append(text, i++, 2);
            }
            else if (isPair)
            {
                Escape(text[i++]);
                Escape(text[i]);
            }
            else if (text[i] < ' ' || text[i] is '"' or '\\' || char.IsSurrogate(text[i]) || random.Next(12) == 0)
            {
                Escape(text[i]);
            }
            else
            {
                json.Append(text[i]);
            }
        }

        return json.Append('"').ToString();

        void Escape(char unit) => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
    }
}
