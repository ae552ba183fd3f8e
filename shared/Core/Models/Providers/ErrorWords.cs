namespace OpenClaw.Models.Providers;

/// <summary>The codes, types and phrases by which a provider's error says what happened.</summary>
/// <param name="Quota">Codes or types: the account has no credit left.</param>
/// <param name="QuotaPhrases">The same as a part of the message.</param>
/// <param name="RateLimit">Codes or types: too many requests or tokens for now.</param>
/// <param name="TooLongPhrases">A part of the message: the input does not fit into the model's context.</param>
internal sealed record ErrorWords(
    IReadOnlyList<string> Quota, IReadOnlyList<string> QuotaPhrases, IReadOnlyList<string> RateLimit, IReadOnlyList<string> TooLongPhrases)
{
    public static readonly ErrorWords None = new([], [], [], []);

    public static ErrorWords Join(IReadOnlyList<ErrorWords> all) => new(
        [.. all.SelectMany(words => words.Quota).Distinct()],
        [.. all.SelectMany(words => words.QuotaPhrases).Distinct()],
        [.. all.SelectMany(words => words.RateLimit).Distinct()],
        [.. all.SelectMany(words => words.TooLongPhrases).Distinct()]);
}
