using OpenClaw.Models;
using OpenClaw.Sessions;

namespace OpenClaw.Runs;

/// <summary>Keeps the log probabilities of the open message, and gives each piece of text its own.</summary>
internal sealed class OutputLogprobs
{
    private List<TokenLogprob>? _text;
    private List<TokenLogprob>? _refusal;

    /// <param name="pending">The events so far; the last one is the text that the log probabilities belong to.</param>
    public void Add(LogprobsContent content, List<RunEvent> pending)
    {
        (content.IsRefusal ? _refusal ??= [] : _text ??= []).AddRange(content.Tokens);
        if (pending.Count > 0)
        {
            pending[^1] = pending[^1] switch
            {
                TextDelta delta when !content.IsRefusal => delta with { Logprobs = content.Tokens },
                RefusalTextDelta delta when content.IsRefusal => delta with { Logprobs = content.Tokens },
                var other => other,
            };
        }
    }

    /// <summary>Those of the message's text; null when there are none.</summary>
    public IReadOnlyList<TokenLogprob>? TakeText()
    {
        var all = _text;
        _text = null;
        return all;
    }

    /// <summary>Those of the message's refusal; null when there are none.</summary>
    public IReadOnlyList<TokenLogprob>? TakeRefusal()
    {
        var all = _refusal;
        _refusal = null;
        return all;
    }
}
