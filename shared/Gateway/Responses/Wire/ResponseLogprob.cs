using System.Text;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses.Wire;

/// <summary>One token of an answer and how likely it was. Source: OpenResponses, LogProb.</summary>
internal sealed record ResponseLogprob(
    string Token, double Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<ResponseLogprobAlternative> TopLogprobs)
{
    /// <summary>Empty when there are none: this API has no null here.</summary>
    public static IReadOnlyList<ResponseLogprob> Of(IReadOnlyList<TokenLogprob>? tokens) =>
        [.. (tokens ?? []).Select(t => new ResponseLogprob(
            t.Token, t.Logprob, BytesOf(t.Token, t.Bytes),
            [.. t.TopLogprobs.Select(a => new ResponseLogprobAlternative(a.Token, a.Logprob, BytesOf(a.Token, a.Bytes)))]))];

    // A token that is a part of a character has no bytes that could be found from its text.
    private static IReadOnlyList<int> BytesOf(string token, IReadOnlyList<int>? given) =>
        given ?? (token.Contains('\uFFFD', StringComparison.Ordinal) ? [] : [.. Encoding.UTF8.GetBytes(token).Select(b => (int)b)]);
}

/// <summary>One of the most likely tokens at a place.</summary>
internal sealed record ResponseLogprobAlternative(string Token, double Logprob, IReadOnlyList<int> Bytes);
