using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Models;

/// <summary>
/// The ids of calls as one API takes them. Ids of another provider can be too long or have characters that it refuses. In one request
/// the same id always becomes the same, and different ones stay different.
/// </summary>
/// <param name="most">The longest id allowed.</param>
/// <param name="isFixed">Ids have exactly that length, of letters and digits.</param>
/// <param name="isWord">Ids have only letters, digits, <c>_</c> and <c>-</c>.</param>
internal sealed class CallIds(int most, bool isFixed = false, bool isWord = false)
{
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public string Of(string callId)
    {
        if (_known.TryGetValue(callId, out var known))
        {
            return known;
        }

        var id = isFixed ? callId : new string([.. callId.Select(c => IsAllowed(c) ? c : '_')]);
        for (var attempt = 0; !IsLegal(id) || !_used.Add(id); attempt++)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt}:{callId}")));
            id = hash[..Math.Min(most, 24)];
        }

        return _known[callId] = id;
    }

    private bool IsLegal(string id) => id.Length > 0 && (isFixed ? id.Length == most : id.Length <= most) && id.All(IsAllowed);

    private bool IsAllowed(char c) => isFixed ? char.IsAsciiLetterOrDigit(c)
        : !isWord || char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
