using System.Text;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Responses;

/// <summary>An output item while the provider sends it.</summary>
internal sealed class ResponsesItem
{
    private readonly Dictionary<(ResponsesText Kind, int Part), SentText> _sent = [];

    /// <summary><c>message</c>, <c>reasoning</c>, <c>function_call</c> or a type that is skipped; null as long as only deltas were
    /// seen.</summary>
    public string? Type { get; set; }

    public string? Id { get; init; }

    /// <summary>Its <c>output_index</c>.</summary>
    public int? Index { get; init; }

    /// <summary>Which call this is, from 0; null for other items, and for a call whose name has not come yet.</summary>
    public int? Call { get; set; }

    public string? CallId { get; set; }

    public string? Name { get; set; }

    /// <summary>Arguments that came before the name.</summary>
    public StringBuilder Held { get; } = new();

    public bool IsSealed { get; set; }

    /// <summary>The server has sent the whole item.</summary>
    public bool IsDone { get; set; }

    /// <summary>What was passed on of one part.</summary>
    public SentText Sent(ResponsesText kind, int part)
    {
        if (!_sent.TryGetValue((kind, part), out var sent))
        {
            _sent[(kind, part)] = sent = new SentText();
        }

        return sent;
    }

    /// <summary>What was passed on of all parts together.</summary>
    public SentText Sent(ResponsesText kind) => Sent(kind, -1);
}
