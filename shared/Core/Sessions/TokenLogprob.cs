using System.Text.Json.Serialization;

namespace OpenClaw.Sessions;

/// <summary>One token of an answer and how likely it was. Source: OpenAI API reference, chat completions, <c>logprobs</c>.</summary>
/// <param name="Logprob">The natural logarithm of its probability; -9999 for a very unlikely one.</param>
/// <param name="Bytes">Its UTF-8 bytes; null where the provider does not give them.</param>
/// <param name="TopLogprobs">The most likely tokens at this place; as many as the caller asked for, or fewer.</param>
public sealed record TokenLogprob(
    string Token, double Logprob, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<int>? Bytes,
    IReadOnlyList<TokenAlternative> TopLogprobs);

/// <summary>One of the most likely tokens at a place.</summary>
/// <inheritdoc cref="TokenLogprob" path="/param"/>
public sealed record TokenAlternative(
    string Token, double Logprob, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<int>? Bytes);
