using System.Collections.Concurrent;
using OpenClaw.Errors;
using OpenClaw.SignalR;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>Whether a group has members, so that events without an audience cost one question and not a call each. An empty group is asked
/// about again after two seconds, another one after thirty.</summary>
internal sealed class GroupPresence(TimeProvider time)
{
    private const int MaxKnown = 10_000;

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxAgeOfEmpty = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (bool HasMembers, DateTimeOffset At)> _known = new(StringComparer.Ordinal);

    /// <summary>A connection was added here.</summary>
    public void Joined(string group) => Keep(group, hasMembers: true);

    /// <exception cref="GatewayException"><c>503 realtime_unavailable</c>.</exception>
    public async ValueTask<bool> HasMembersAsync(SignalRClient service, string group, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(group, out var known) && time.GetUtcNow() - known.At < (known.HasMembers ? MaxAge : MaxAgeOfEmpty))
        {
            return known.HasMembers;
        }

        var hasMembers = await service.ExistsAsync(SignalRTarget.Group(group), cancellationToken);
        Keep(group, hasMembers);
        return hasMembers;
    }

    private void Keep(string group, bool hasMembers)
    {
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }

        _known[group] = (hasMembers, time.GetUtcNow());
    }
}
