namespace OpenClaw.Tools.BuiltIn.Memory;

/// <summary>A piece of a Markdown file that is found as one: from a heading, or where a piece would be too long, from a line.</summary>
/// <param name="FromLine">Its first line, counted from 1.</param>
/// <param name="ToLine">Its last line.</param>
internal sealed record MemoryChunk(string Path, int FromLine, int ToLine, string Text)
{
    private const int MaxChars = 1_600;

    public static IReadOnlyList<MemoryChunk> Split(string path, string text)
    {
        var chunks = new List<MemoryChunk>();
        var lines = text.Split('\n');
        var (start, chars) = (0, 0);
        for (var at = 0; at < lines.Length; at++)
        {
            if (at > start && (lines[at].StartsWith('#') || chars + lines[at].Length > MaxChars))
            {
                Add(start, at);
                (start, chars) = (at, 0);
            }

            chars += lines[at].Length + 1;
        }

        Add(start, lines.Length);
        return chunks;

        void Add(int from, int to)
        {
            var piece = string.Join('\n', lines[from..to]).Trim();
            if (piece.Length > 0)
            {
                chunks.Add(new MemoryChunk(path, from + 1, to, piece.Length > MaxChars * 4 ? OpenClaw.Text.Utf16.Head(piece, MaxChars * 4) : piece));
            }
        }
    }
}
