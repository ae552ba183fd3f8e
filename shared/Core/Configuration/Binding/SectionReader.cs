using System.Globalization;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>
/// Reads one object of the configuration. Every key that is read becomes known; the others are reported when the section has been read.
/// A value that is absent or wrong yields the fallback, and a wrong one an error, so that one load reports every mistake.
/// </summary>
internal sealed partial class SectionReader
{
    private readonly ConfigNode _node;
    private readonly string _path;
    private readonly string _pattern;
    private readonly ConfigReading _reading;
    private readonly List<string> _known = [];

    private SectionReader(ConfigNode node, string path, string pattern, ConfigReading reading) =>
        (_node, _path, _pattern, _reading) = (node, path, pattern, reading);

    /// <param name="node">An object.</param>
    /// <param name="path">Where it is, as shown to people.</param>
    /// <param name="pattern">The same with <c>*</c> for map keys and <c>[]</c> for indexes.</param>
    /// <param name="reading">Shared state of the load.</param>
    /// <param name="bind">Asks for every known key.</param>
    public static T Read<T>(ConfigNode node, string path, string pattern, ConfigReading reading, Func<SectionReader, T> bind)
    {
        var reader = new SectionReader(node, path, pattern, reading);
        var section = bind(reader);
        reader.ReportUnknownKeys();
        return section;
    }

    public string PathOf(string key) => ConfigPath.Append(_path, key);

    /// <summary>The value as written, of any type.</summary>
    public ConfigNode? Find(string key)
    {
        _known.Add(key);
        Note(key, ConfigKeyKind.Any);
        return _node.Find(key);
    }

    /// <summary>An object whose keys are checked later, by the feature it belongs to.</summary>
    public ConfigNode? Raw(string key) => Expect(key, ConfigNodeKind.Map, "an object");

    /// <summary>The environment variable that sets a key of a section; null when it comes from the file.</summary>
    public string? VariableOf(string section, string key) =>
        _node.Find(section) is { Variable: { } variable } ? variable : _node.Find(section)?.Find(key)?.Variable;

    public bool Flag(string key, bool fallback)
    {
        Note(key, new ConfigKey(ConfigKeyKind.Flag) { Default = fallback ? "true" : "false" });
        return OptionalFlag(key) ?? fallback;
    }

    public bool? OptionalFlag(string key)
    {
        Note(key, ConfigKeyKind.Flag);
        return Expect(key, ConfigNodeKind.Boolean, "true or false") is { } found ? found.Text == "true" : null;
    }

    public int Whole(string key, int fallback, int least, int most) => (int)Whole(key, (long)fallback, least, most);

    public long Whole(string key, long fallback, long least, long most)
    {
        Note(key, new ConfigKey(ConfigKeyKind.Whole)
        {
            Least = least,
            Most = most,
            Default = fallback.ToString(CultureInfo.InvariantCulture),
        });
        return OptionalWhole(key, least, most) ?? fallback;
    }

    public long? OptionalWhole(string key, long least, long most)
    {
        Note(key, new ConfigKey(ConfigKeyKind.Whole) { Least = least, Most = most });
        return Find(key) is { } found ? Whole(found, PathOf(key), least, most) : null;
    }

    /// <summary>A list of whole numbers; wrong ones are reported and left out.</summary>
    public IReadOnlyList<int> Wholes(string key, IReadOnlyList<int> fallback, int least, int most)
    {
        Note(key, new ConfigKey(ConfigKeyKind.Wholes) { Least = least, Most = most });
        if (Expect(key, ConfigNodeKind.List, "a list of whole numbers") is not { } list)
        {
            return fallback;
        }

        var numbers = new List<int>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (Whole(list.Items[i], ConfigPath.Append(PathOf(key), i), least, most) is { } number)
            {
                numbers.Add((int)number);
            }
        }

        return numbers;
    }

    private long? Whole(ConfigNode value, string path, long least, long most)
    {
        var expected = $"a whole number from {least} to {most}";
        if (Resolve(value, path, ConfigNodeKind.Number, expected) is not { } found)
        {
            return null;
        }

        if (decimal.TryParse(found.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number >= least && number <= most)
        {
            return (long)number;
        }

        _reading.Problems.Error(path, found, $"{path} must be {expected}.");
        return null;
    }

    /// <summary>An amount of money, 0 or more.</summary>
    public decimal Amount(string key)
    {
        Note(key, ConfigKeyKind.Amount);
        if (Expect(key, ConfigNodeKind.Number, "a number, 0 or more") is not { } found)
        {
            return 0;
        }

        if (decimal.TryParse(found.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and <= 1_000_000_000)
        {
            return number;
        }

        Error(key, found, "must be a number from 0 to 1000000000");
        return 0;
    }

    /// <param name="key">The key.</param>
    /// <param name="form">What the text must look like; any text when absent.</param>
    public string? Text(string key, TextForm? form = null)
    {
        form ??= TextForm.Any;
        Note(key, ConfigKeyKind.Text);
        return Expect(key, ConfigNodeKind.Text, form.Expected) is { } found && Fits(PathOf(key), found, form) ? found.Text : null;
    }

    /// <summary>One of a closed set of words; null when absent or wrong.</summary>
    public string? Choice(string key, params IReadOnlyList<string> choices)
    {
        Note(key, new ConfigKey(ConfigKeyKind.Text) { Choices = choices });
        return Text(key, new TextForm($"one of {string.Join(", ", choices.Select(choice => $"'{choice}'"))}", choices.Contains));
    }

    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> fallback, TextForm form) => OptionalTexts(key, form) ?? fallback;

    public IReadOnlyList<string>? OptionalTexts(string key, TextForm form)
    {
        Note(key, ConfigKeyKind.Texts);
        return Expect(key, ConfigNodeKind.List, "a list of strings") is { } list ? Texts(list, PathOf(key), form) : null;
    }

    /// <summary>A section; defaults when it is absent.</summary>
    public T Section<T>(string key, Func<SectionReader, T> bind)
        where T : new() => OptionalSection(key, bind) ?? new T();

    public T? OptionalSection<T>(string key, Func<SectionReader, T> bind)
    {
        Note(key, ConfigKeyKind.Section);
        return Expect(key, ConfigNodeKind.Map, "an object") is { } found
            ? Read(found, PathOf(key), Pattern(key), _reading, bind)
            : default;
    }

    /// <summary>Reports a rule that a single value cannot break alone; at the key when it is there, else at the section.</summary>
    public void Error(string key, string must) => Error(key, _node.Find(key) ?? _node, must);

    public void Warn(string key, string message) =>
        _reading.Problems.Warn(PathOf(key), _node.Find(key) ?? _node, $"{PathOf(key)} {message}.");

    private void Error(string key, ConfigNode at, string must) => _reading.Problems.Error(PathOf(key), at, $"{PathOf(key)} {must}.");

    private string Pattern(string key) => _pattern.Length == 0 ? key : $"{_pattern}.{key}";

    private List<string> Texts(ConfigNode list, string path, TextForm form)
    {
        var texts = new List<string>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var itemPath = ConfigPath.Append(path, i);
            if (Resolve(list.Items[i], itemPath, ConfigNodeKind.Text, form.Expected) is { } item && Fits(itemPath, item, form))
            {
                texts.Add(item.Text);
            }
        }

        return texts;
    }

    private bool Fits(string path, ConfigNode text, TextForm form)
    {
        if (form.Accepts(text.Text))
        {
            return true;
        }

        _reading.Problems.Error(path, text, $"{path} must be {form.Expected}.");
        return false;
    }

    private ConfigNode? Expect(string key, ConfigNodeKind kind, string expected) =>
        Find(key) is { } found ? Resolve(found, PathOf(key), kind, expected) : null;

    /// <summary>The value when it has the type, or can be read as it when it comes from the environment; else null and an error.</summary>
    private ConfigNode? Resolve(ConfigNode value, string path, ConfigNodeKind kind, string expected)
    {
        try
        {
            value = EnvironmentOverlay.Interpret(value, kind, path, _reading);
        }
        catch (Json5Exception exception)
        {
            _reading.Problems.Error(
                exception.Problem with { Path = path, Message = $"{path} must be {expected}: {exception.Problem.Message}" });
            return null;
        }

        if (value.Kind == kind)
        {
            return value;
        }

        var form = value.Kind == ConfigNodeKind.Untyped && kind is (ConfigNodeKind.Map or ConfigNodeKind.List) ? ", written as JSON5" : "";
        _reading.Problems.Error(path, value, $"{path} must be {expected}{form}.");
        return null;
    }
}
