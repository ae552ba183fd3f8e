namespace OpenClaw.Configuration.Parsing;

public enum ConfigNodeKind
{
    Map,
    List,
    Text,
    Number,
    Boolean,
    Null,

    /// <summary>The value of an environment variable, whose type is that of the key it is read for.</summary>
    Untyped,
}

/// <summary>One value of the configuration and where it was written. Immutable; <see cref="object.ToString"/> does not show the value,
/// which may be secret.</summary>
public sealed class ConfigNode
{
    public required ConfigNodeKind Kind { get; init; }

    /// <summary>From 1; within <see cref="Variable"/> when that is set, else within the file.</summary>
    public int Line { get; init; } = 1;

    /// <summary>From 1, in UTF-16 units.</summary>
    public int Column { get; init; } = 1;

    /// <summary>The environment variable that the value comes from; null when it comes from the file.</summary>
    public string? Variable { get; init; }

    /// <summary>The string; a number as JSON spells it (no hex, no bare point, any size a double can hold); <c>true</c> or
    /// <c>false</c>.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<ConfigNode> Items { get; init; } = [];

    /// <summary>In the order written; keys are unique.</summary>
    public IReadOnlyList<ConfigMember> Members { get; init; } = [];

    public ConfigNode? Find(string key)
    {
        foreach (var member in Members)
        {
            if (member.Named(key))
            {
                return member.Value;
            }
        }

        return null;
    }

    internal ConfigNode As(ConfigNodeKind kind, string text) =>
        new() { Kind = kind, Text = text, Line = Line, Column = Column, Variable = Variable };

    internal ConfigNode As(IReadOnlyList<ConfigNode> items) =>
        new() { Kind = ConfigNodeKind.List, Items = items, Line = Line, Column = Column, Variable = Variable };

    internal ConfigNode As(IReadOnlyList<ConfigMember> members) =>
        new() { Kind = ConfigNodeKind.Map, Members = members, Line = Line, Column = Column, Variable = Variable };
}

/// <summary>One key of an object, with the place of the key itself.</summary>
public sealed record ConfigMember(string Key, ConfigNode Value, int Line, int Column)
{
    /// <summary>Keys are case-sensitive in the file and not in the names of environment variables.</summary>
    internal bool Named(string key) =>
        Key.Equals(key, Value.Variable is null ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
}

/// <summary>Spells paths such as <c>models.providers["my proxy"].models[0].id</c>.</summary>
internal static class ConfigPath
{
    /// <summary>A longer key is not repeated in messages: it may be a secret that slipped.</summary>
    private const int LongestKeyShown = 40;

    public static string Append(string path, int index) => $"{path}[{index}]";

    public static string Append(string path, string key) => key switch
    {
        { Length: > LongestKeyShown } => $"{path}[…]",
        _ when !IsPlain(key) => $"{path}[\"{key}\"]",
        _ => path.Length == 0 ? key : $"{path}.{key}",
    };

    private static bool IsPlain(string key)
    {
        foreach (var character in key)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '-' or '$'))
            {
                return false;
            }
        }

        return key.Length > 0;
    }
}
