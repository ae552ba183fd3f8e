using OpenClaw.Security.Limits;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Responses;

/// <summary>Responses that only their connection knows, so that the client can continue them. The newest ones are kept, as long as the
/// messages that made them are together no longer than one message may be; their bytes stay in the budget for bodies.</summary>
/// <param name="maxBytes">The length that one message may have.</param>
internal sealed class RememberedResponses(long maxBytes) : IDisposable
{
    private const int MaxCount = 32;

    private readonly OrderedDictionary<string, (IReadOnlyList<ConversationItem> Conversation, BodyLease Lease)> _kept =
        new(StringComparer.Ordinal);

    /// <summary>The conversation up to the response; null when it is not known here.</summary>
    public IReadOnlyList<ConversationItem>? Find(string id) => _kept.TryGetValue(id, out var found) ? found.Conversation : null;

    /// <param name="lease">Of the message; given back when the response is forgotten.</param>
    public void Add(string id, IReadOnlyList<ConversationItem> conversation, BodyLease lease)
    {
        Forget(id);
        _kept[id] = (conversation, lease);
        while (_kept.Count > MaxCount || (_kept.Count > 1 && _kept.Values.Sum(k => k.Lease.Bytes) > maxBytes))
        {
            Forget(_kept.GetAt(0).Key);
        }
    }

    public void Forget(string? id)
    {
        if (id is not null && _kept.Remove(id, out var forgotten))
        {
            forgotten.Lease.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var (_, lease) in _kept.Values)
        {
            lease.Dispose();
        }

        _kept.Clear();
    }
}
