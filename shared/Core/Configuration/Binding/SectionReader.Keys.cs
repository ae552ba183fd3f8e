using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

internal sealed partial class SectionReader
{
    public bool Has(string key)
    {
        Note(key, ConfigKeyKind.Any);
        return _node.Find(key) is not null;
    }

    /// <summary>True for a string, for a key that also takes an object; a variable that starts with <c>{</c> is an object.</summary>
    public bool IsText(string key)
    {
        Note(key, new ConfigKey(ConfigKeyKind.Any) { TakesText = true });
        return _node.Find(key) switch
        {
            { Kind: ConfigNodeKind.Text } => true,
            { Kind: ConfigNodeKind.Untyped } variable => !variable.Text.AsSpan().TrimStart().StartsWith("{"),
            _ => false,
        };
    }

    /// <summary>Reads a secret: a string, or the original's reference <c>{source: "env", id: "NAME"}</c>. A blank one counts as not
    /// set.</summary>
    public string? Secret(string key)
    {
        Note(key, ConfigKeyKind.Secret);
        return Find(key) is { } found ? Secret(key, found, PathOf(key), Pattern(key)) : null;
    }

    /// <inheritdoc cref="Secret(string)"/>
    /// <param name="form">What the secret must look like.</param>
    public string? Secret(string key, TextForm form)
    {
        var secret = Secret(key);
        if (secret is null || form.Accepts(secret))
        {
            return secret;
        }

        Error(key, $"must be {form.Expected}");
        return null;
    }

    /// <summary>An id: a string, or a whole number as some files have it.</summary>
    public string? IdText(string key, TextForm form) => Find(key) is { } found ? IdText(found, PathOf(key), form) : null;

    /// <summary>A list of ids; null when absent. Wrong ones are reported and left out.</summary>
    public IReadOnlyList<string>? Ids(string key, TextForm form)
    {
        if (Expect(key, ConfigNodeKind.List, "a list of ids") is not { } list)
        {
            return null;
        }

        var ids = new List<string>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (IdText(list.Items[i], ConfigPath.Append(PathOf(key), i), form) is { } id)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private string? IdText(ConfigNode found, string path, TextForm form)
    {
        var value = found.Kind == ConfigNodeKind.Number ? found : Resolve(found, path, ConfigNodeKind.Text, form.Expected);
        return value is not null && Fits(path, value, form) ? value.Text : null;
    }

    /// <summary>A map from header names to values, each of which may be a secret.</summary>
    public Dictionary<string, string> Headers(string key)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (member, path) in SecretMembers(key, TextForm.HeaderName))
        {
            if (Secret(member.Key, member.Value, path, Pattern(key) + ".*") is not { } value)
            {
                continue;
            }

            if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                _reading.Problems.Error(path, member.Value, $"{path} must be a header value, without line breaks.");
            }
            else
            {
                headers[member.Key] = value;
            }
        }

        return headers;
    }

    /// <summary>A map from names to values, each of which may be a secret.</summary>
    public Dictionary<string, string> Secrets(string key, TextForm names)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (member, path) in SecretMembers(key, names))
        {
            if (Secret(member.Key, member.Value, path, Pattern(key) + ".*") is { } value)
            {
                secrets[member.Key] = value;
            }
        }

        return secrets;
    }

    private IEnumerable<(ConfigMember Member, string Path)> SecretMembers(string key, TextForm names)
    {
        Note(key, ConfigKeyKind.MapOfSecrets);
        return Members(key, names);
    }

    private void Note(string key, ConfigKeyKind kind) => Note(key, new ConfigKey(kind));

    private void Note(string key, ConfigKey what) => _reading.Keys?.Note(Pattern(key), what);

    private string? Secret(string key, ConfigNode found, string path, string pattern)
    {
        if (found.Kind == ConfigNodeKind.Map)
        {
            return Read(found, path, pattern, _reading, Reference);
        }

        if (Resolve(found, path, ConfigNodeKind.Text, "a string") is not { } text)
        {
            return null;
        }

        if (!string.IsNullOrWhiteSpace(text.Text))
        {
            return text.Text;
        }

        _reading.Problems.Warn(path, text, $"{path} is blank and counts as not set.");
        return null;
    }

    private static string? Reference(SectionReader reader)
    {
        reader.Text("provider");
        var id = reader.Text("id", TextForm.NotBlank);
        if (reader.Choice("source", "env", "file", "exec", "store") is not "env")
        {
            reader.Error("source", "must be 'env': other sources of secrets are not implemented here");
            return null;
        }

        var value = id is null ? null : reader._reading.Lookup(id);
        if (string.IsNullOrWhiteSpace(value))
        {
            reader.Error("id", "names an environment variable that is not set");
            return null;
        }

        return value;
    }

    private void ReportUnknownKeys()
    {
        foreach (var member in _node.Members)
        {
            if (_known.Exists(member.Named) || member.Key == ConfigLoader.IncludeKey)
            {
                continue;
            }

            var path = PathOf(member.Key);
            if (ForeignKeys.NoteOn(_pattern, member.Key) is { } note)
            {
                _reading.Problems.WarnOnce(Pattern(member.Key), path, member, $"{path} {note}.");
                continue;
            }

            var hint = Nearest(member.Key) is { } near ? $"; did you mean '{near}'?" : ".";
            _reading.Problems.Error(new ConfigProblem(
                path, member.Line, member.Column, $"{path} is not a known key{hint}", member.Value.Variable));
        }
    }

    private string? Nearest(string key)
    {
        var most = Math.Clamp(key.Length / 2, 1, 3);
        var best = _known.Distinct().Select(known => (Known: known, Distance: Distance(known.ToUpperInvariant(), key.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Distance).FirstOrDefault();
        return best.Known is not null && best.Distance <= most ? best.Known : null;
    }

    /// <summary>Insertions, deletions and replacements between two words (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > 3)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[right.Length];
    }
}
