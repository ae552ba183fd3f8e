namespace OpenClaw.Tools.BuiltIn.Memory;

/// <summary>How well pieces fit the words of a query: Okapi BM25. Words are runs of letters and digits; a character of a script that is
/// written without spaces is a word.</summary>
internal static class KeywordScores
{
    private const double Saturation = 1.2;

    private const double LengthShare = 0.75;

    /// <returns>One score for each piece; 0 where no word of the query is in it.</returns>
    public static IReadOnlyList<double> Of(string query, IReadOnlyList<MemoryChunk> chunks)
    {
        var asked = Words(query).ToHashSet(StringComparer.Ordinal);
        var counts = chunks.Select(chunk => Words(chunk.Text).ToList()).Select(words => (
            words.Count, Of: words.Where(asked.Contains).CountBy(word => word).ToDictionary(StringComparer.Ordinal))).ToList();
        var average = counts.Count == 0 ? 1 : Math.Max(1, counts.Average(count => count.Count));
        var rarity = asked.ToDictionary(word => word, word =>
        {
            var holders = counts.Count(count => count.Of.ContainsKey(word));
            return Math.Log(1 + ((counts.Count - holders + 0.5) / (holders + 0.5)));
        });
        return counts.ConvertAll(count => count.Of.Sum(found => rarity[found.Key] * found.Value * (Saturation + 1)
            / (found.Value + (Saturation * (1 - LengthShare + (LengthShare * count.Count / average))))));
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            var isWord = at < text.Length && char.IsLetterOrDigit(text[at]);
            var isWhole = isWord && text[at] is >= '\u3040' and <= '\u9fff';
            if (start >= 0 && (!isWord || isWhole))
            {
                yield return text[start..at].ToLowerInvariant();
                start = -1;
            }

            if (isWhole)
            {
                yield return text[at].ToString();
            }
            else if (isWord && start < 0)
            {
                start = at;
            }
        }
    }
}
