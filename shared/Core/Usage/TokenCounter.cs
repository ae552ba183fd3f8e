using Microsoft.ML.Tokenizers;

namespace OpenClaw.Usage;

/// <summary>Counts tokens where a provider reports none, by OpenAI's <c>o200k_base</c> vocabulary. Other models cut texts in other ways;
/// the count is an estimate.</summary>
internal static class TokenCounter
{
    /// <summary>Texts are counted in pieces, because the time for one run of letters grows faster than its length.</summary>
    private const int PieceChars = 1_000;

    /// <summary>More pieces are not counted but extrapolated from every n-th.</summary>
    private const int MostPieces = 256;

    /// <summary>Loaded with the first count: most instances never need it.</summary>
    private static readonly Lazy<TiktokenTokenizer> Vocabulary = new(static () => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    public static long Count(IReadOnlyCollection<string> texts)
    {
        var pieces = texts.Sum(static text => ((long)text.Length + PieceChars - 1) / PieceChars);
        var stride = (int)Math.Max(1, pieces / MostPieces);
        var (number, chars, counted, tokens) = (0, 0L, 0L, 0L);
        foreach (var text in texts)
        {
            chars += text.Length;
            for (var from = 0; from < text.Length; from += PieceChars)
            {
                if (number++ % stride == 0)
                {
                    var piece = text.AsSpan(from, Math.Min(PieceChars, text.Length - from));
                    counted += piece.Length;
                    tokens += Vocabulary.Value.CountTokens(piece);
                }
            }
        }

        return counted == chars ? tokens : (long)Math.Ceiling(tokens * ((double)chars / counted));
    }
}
