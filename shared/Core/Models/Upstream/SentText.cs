namespace OpenClaw.Models.Upstream;

/// <summary>Remembers how much of a text was passed on piece by piece, as a length and a hash, so that a whole value that follows gives
/// only what the pieces lack.</summary>
internal sealed class SentText
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private ulong _hash = Offset;

    public int Length { get; private set; }

    public void Add(ReadOnlySpan<char> piece)
    {
        _hash = Hash(_hash, piece);
        Length += piece.Length;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="isWhole">Whether it says all so far, as opposed to a piece.</param>
    /// <returns>What is new in it.</returns>
    /// <exception cref="System.Text.Json.JsonException">A longer whole that does not begin with what was sent.</exception>
    public string New(string text, bool isWhole)
    {
        if (isWhole && Length > 0)
        {
            var rest = RestOf(text);
            ModelJson.Expect(text.Length <= Length || !rest.IsEmpty);
            text = rest.ToString();
        }

        Add(text);
        return text;
    }

    /// <summary>Whether exactly this text was sent.</summary>
    public bool Is(ReadOnlySpan<char> whole) => whole.Length == Length && Hash(Offset, whole) == _hash;

    /// <summary>The part of the whole that was not sent. Empty when the whole does not begin with what was sent: callers have seen
    /// that already.</summary>
    public ReadOnlySpan<char> RestOf(ReadOnlySpan<char> whole) =>
        whole.Length > Length && Hash(Offset, whole[..Length]) == _hash ? whole[Length..] : default;

    // FNV-1a over UTF-16 units.
    private static ulong Hash(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * Prime;
        }

        return hash;
    }
}
