using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Editing;

/// <summary>Puts the secrets of the stored configuration back where a client left their placeholder.</summary>
public static class RedactedValues
{
    /// <param name="edited">What the client sent.</param>
    /// <param name="stored">What it was shown, with its secrets.</param>
    /// <param name="unknown">Paths at which the placeholder stands for no secret.</param>
    public static ConfigNode Restore(ConfigNode edited, ConfigNode stored, out IReadOnlyList<string> unknown)
    {
        var missing = new List<string>();
        unknown = missing;
        return Restore(edited, stored, "", missing);
    }

    private static ConfigNode Restore(ConfigNode edited, ConfigNode? stored, string path, List<string> missing)
    {
        switch (edited.Kind)
        {
            case ConfigNodeKind.Map:
                return edited.As([.. edited.Members.Select(member => member with
                {
                    Value = Restore(member.Value, stored?.Find(member.Key), ConfigPath.Append(path, member.Key), missing),
                })]);
            case ConfigNodeKind.List:
                return edited.As([.. edited.Items.Select((item, index) =>
                    Restore(item, Counterpart(item, index, stored), ConfigPath.Append(path, index), missing))]);
            case ConfigNodeKind.Text when edited.Text == RedactedConfig.Placeholder:
                if (stored is { Kind: not (ConfigNodeKind.Map or ConfigNodeKind.List) })
                {
                    return stored;
                }

                missing.Add(path);
                return edited;
            default:
                return edited;
        }
    }

    /// <summary>The stored entry that an entry of a list was: that of the same id, else that of the same place.</summary>
    private static ConfigNode? Counterpart(ConfigNode item, int index, ConfigNode? stored)
    {
        if (stored is not { Kind: ConfigNodeKind.List })
        {
            return null;
        }

        return ListEntries.IdOf(item) is { } id ? stored.Items.FirstOrDefault(other => ListEntries.IdOf(other) == id)
            : index < stored.Items.Count && ListEntries.IdOf(stored.Items[index]) is null ? stored.Items[index] : null;
    }
}

/// <summary>Entries of lists that have an id.</summary>
internal static class ListEntries
{
    /// <summary>Null for an entry without one.</summary>
    public static string? IdOf(ConfigNode entry) =>
        entry.Kind == ConfigNodeKind.Map && entry.Find("id") is { Kind: ConfigNodeKind.Text, Text: var id } ? id : null;
}
