namespace OpenClaw.Configuration.Binding;

/// <summary>What the value of a key is, as its reader asks for it.</summary>
internal enum ConfigKeyKind
{
    /// <summary>Any value.</summary>
    Any,
    Flag,
    Whole,
    Amount,
    Text,

    /// <summary>Text, or the original's reference <c>{source: "env", id: "NAME"}</c>.</summary>
    Secret,
    Texts,
    Wholes,

    /// <summary>An object of strings under names that the user chose.</summary>
    MapOfText,

    /// <summary>The same with secrets.</summary>
    MapOfSecrets,

    /// <summary>An object of lists of strings under such names.</summary>
    MapOfTexts,

    /// <summary>An object with keys of its own.</summary>
    Section,

    /// <summary>An object of sections under names that the user chose.</summary>
    Map,

    /// <summary>A list of sections.</summary>
    List,
}

/// <summary>One key that the program reads.</summary>
internal sealed record ConfigKey(ConfigKeyKind Kind)
{
    public long? Least { get; init; }

    public long? Most { get; init; }

    /// <summary>The words that the value may be; null for any.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>JSON text; null when the default is not one value.</summary>
    public string? Default { get; init; }

    /// <summary>A section that may also be written as one string.</summary>
    public bool TakesText { get; init; }

    /// <summary>What the pattern of its inner keys adds to its own: <c>.</c> for a section, <c>.*.</c> for a map of sections, <c>[].</c>
    /// for a list of them; null when it has no inner keys.</summary>
    public string? Inner => Kind switch
    {
        ConfigKeyKind.Section => ".",
        ConfigKeyKind.Map => ".*.",
        ConfigKeyKind.List => "[].",
        _ => null,
    };
}

/// <summary>Every key that was asked for, by its pattern: <c>*</c> for names that the user chose and <c>[]</c> for indexes.</summary>
internal sealed class ConfigKeys : Dictionary<string, ConfigKey>
{
    public ConfigKeys()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Keeps what was said first, unless it was nothing.</summary>
    public void Note(string pattern, ConfigKey key)
    {
        if (!TryGetValue(pattern, out var known) || known.Kind == ConfigKeyKind.Any)
        {
            this[pattern] = key with { TakesText = known?.TakesText == true || key.TakesText };
        }
        else if (key.TakesText && !known.TakesText)
        {
            this[pattern] = known with { TakesText = true };
        }
    }

    /// <summary>All keys that the program reads. Reads documents that hold more and more sections, until no key is new.</summary>
    /// <param name="apis">The <c>api</c>s that providers may have.</param>
    public static ConfigKeys Find(IReadOnlyList<ProviderRules> apis)
    {
        var keys = new ConfigKeys();
        for (var known = -1; known < keys.Count;)
        {
            known = keys.Count;
            SectionReader.Read(
                Parsing.Json5Parser.Parse(keys.Write("")), "", "", new ConfigReading(new ConfigProblems(), _ => null) { Keys = keys },
                root => RootBinding.Read(root, apis));
        }

        return keys;
    }

    /// <summary>The keys of one section, with their names.</summary>
    /// <param name="section">The pattern of the section with what leads to its keys, such as <c>gateway.</c>; empty for the root.</param>
    public IEnumerable<(string Name, string Pattern, ConfigKey Key)> In(string section) =>
        from pair in this
        where pair.Key.StartsWith(section, StringComparison.Ordinal)
        let name = pair.Key[section.Length..]
        where name.Length > 0 && name.IndexOfAny(['.', '[', '*']) < 0
        select (name, pair.Key, pair.Value);

    /// <summary>A section with all sections in it that are known.</summary>
    private string Write(string section) => $"{{{string.Join(", ",
        from found in In(section)
        where found.Key.Inner is not null
        let inner = Write(found.Pattern + found.Key.Inner)
        select $"{found.Name}: {found.Key.Kind switch
        {
            ConfigKeyKind.Map => $"{{{NameIn(found.Pattern)}: {inner}}}",
            ConfigKeyKind.List => $"[{inner}]",
            _ => inner,
        }}")}}}";

    /// <summary>A name that the map takes.</summary>
    private static string NameIn(string map) => map switch
    {
        "session.resetByType" => "direct",
        "tools.toolsBySender" => "'*'",
        "channels.slack.channels" or "channels.slack.accounts.*.channels" => "C1",
        _ when map.Split('.')[^1] is "groups" or "topics" or "guilds" => "'1'",
        _ => "x",
    };
}
