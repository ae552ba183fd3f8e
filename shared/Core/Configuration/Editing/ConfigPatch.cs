using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Editing;

/// <summary>A change of a configuration as JSON merge patch (RFC 7396): objects are merged and null removes a key. Lists differ, since a
/// client may have seen a part of one only: entries with an id are merged by it, and a list loses entries only where the change
/// says so.</summary>
public sealed class ConfigPatch
{
    private readonly HashSet<string> _replaced;
    private readonly List<string> _refused = [];

    private ConfigPatch(IEnumerable<string> replaced) => _replaced = new HashSet<string>(replaced, StringComparer.Ordinal);

    /// <param name="replacePaths">Paths of lists that are replaced, such as <c>gateway.trustedProxies</c>.</param>
    /// <param name="refused">Paths of lists that would lose entries without being named.</param>
    public static ConfigNode Apply(
        ConfigNode document, ConfigNode patch, IEnumerable<string> replacePaths, out IReadOnlyList<string> refused)
    {
        var change = new ConfigPatch(replacePaths);
        refused = change._refused;
        return change.Merge(document, patch, "");
    }

    private ConfigNode Merge(ConfigNode? old, ConfigNode patch, string path)
    {
        if (patch.Kind == ConfigNodeKind.List)
        {
            return MergeList(old, patch, path);
        }

        if (patch.Kind != ConfigNodeKind.Map)
        {
            return patch;
        }

        var members = old is { Kind: ConfigNodeKind.Map } ? old.Members.ToList() : [];
        foreach (var change in patch.Members)
        {
            var at = members.FindIndex(member => member.Key == change.Key);
            if (change.Value.Kind == ConfigNodeKind.Null)
            {
                _ = at >= 0 ? members.Remove(members[at]) : false;
                continue;
            }

            var merged = change with
            {
                Value = Merge(at >= 0 ? members[at].Value : null, change.Value, ConfigPath.Append(path, change.Key)),
            };
            if (at >= 0)
            {
                members[at] = merged;
            }
            else
            {
                members.Add(merged);
            }
        }

        return patch.As(members);
    }

    private ConfigNode MergeList(ConfigNode? old, ConfigNode patch, string path)
    {
        if (old is not { Kind: ConfigNodeKind.List } || _replaced.Contains(path))
        {
            return patch;
        }

        if (patch.Items.Count > 0 && patch.Items.Concat(old.Items).All(entry => ListEntries.IdOf(entry) is not null))
        {
            var entries = old.Items.ToList();
            foreach (var change in patch.Items)
            {
                var at = entries.FindIndex(entry => ListEntries.IdOf(entry) == ListEntries.IdOf(change));
                if (at >= 0)
                {
                    entries[at] = Merge(entries[at], change, ConfigPath.Append(path, at));
                }
                else
                {
                    entries.Add(change);
                }
            }

            return patch.As(entries);
        }

        if (old.Items.Any(entry => !patch.Items.Any(other => ConfigDocument.IsSame(entry, other))))
        {
            _refused.Add(path);
        }

        return patch;
    }
}
