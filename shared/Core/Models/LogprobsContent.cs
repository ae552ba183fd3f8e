using Microsoft.Extensions.AI;
using OpenClaw.Sessions;

namespace OpenClaw.Models;

/// <summary>The log probabilities of the tokens of the text, or of the refusal, that came just before.</summary>
internal sealed class LogprobsContent(IReadOnlyList<TokenLogprob> tokens, bool isRefusal = false) : AIContent
{
    public IReadOnlyList<TokenLogprob> Tokens { get; } = tokens;

    public bool IsRefusal { get; } = isRefusal;
}
