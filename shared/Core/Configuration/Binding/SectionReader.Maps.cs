using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>Objects whose keys the user chose, and lists of objects.</summary>
internal sealed partial class SectionReader
{
    /// <summary>An object whose keys are names that the user chose.</summary>
    public Dictionary<string, T> Map<T>(string key, TextForm names, Func<SectionReader, T> bind)
    {
        Note(key, ConfigKeyKind.Map);
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (member, path) in Members(key, names))
        {
            if (Resolve(member.Value, path, ConfigNodeKind.Map, "an object") is { } value)
            {
                map[member.Key] = Read(value, path, Pattern(key) + ".*", _reading, bind);
            }
        }

        return map;
    }

    /// <summary>Lists of strings under names that the user chose.</summary>
    public Dictionary<string, IReadOnlyList<string>> MapOfTexts(string key, TextForm names, TextForm form)
    {
        Note(key, ConfigKeyKind.MapOfTexts);
        var map = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (member, path) in Members(key, names))
        {
            if (Resolve(member.Value, path, ConfigNodeKind.List, "a list of strings") is { } list)
            {
                map[member.Key] = Texts(list, path, form);
            }
        }

        return map;
    }

    /// <summary>Strings under names that the user chose.</summary>
    public Dictionary<string, string> MapOfText(string key, TextForm names, TextForm form)
    {
        Note(key, ConfigKeyKind.MapOfText);
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (member, path) in Members(key, names))
        {
            if (Resolve(member.Value, path, ConfigNodeKind.Text, form.Expected) is { } text && Fits(path, text, form))
            {
                map[member.Key] = text.Text;
            }
        }

        return map;
    }

    /// <summary>The members of such an object with their paths; wrong names are reported and left out.</summary>
    private IEnumerable<(ConfigMember Member, string Path)> Members(string key, TextForm names)
    {
        foreach (var member in Expect(key, ConfigNodeKind.Map, "an object")?.Members ?? [])
        {
            var path = ConfigPath.Append(PathOf(key), member.Key);
            if (names.Accepts(member.Key))
            {
                yield return (member, path);
            }
            else
            {
                _reading.Problems.Error(new ConfigProblem(
                    path, member.Line, member.Column, $"The key of {path} must be {names.Expected}.", member.Value.Variable));
            }
        }
    }

    public IReadOnlyList<T> List<T>(string key, Func<SectionReader, T> bind)
    {
        Note(key, ConfigKeyKind.List);
        var list = new List<T>();
        var nodes = Expect(key, ConfigNodeKind.List, "a list of objects")?.Items ?? [];
        for (var i = 0; i < nodes.Count; i++)
        {
            var path = ConfigPath.Append(PathOf(key), i);
            if (Resolve(nodes[i], path, ConfigNodeKind.Map, "an object") is { } item)
            {
                list.Add(Read(item, path, Pattern(key) + "[]", _reading, bind));
            }
        }

        return list;
    }
}
