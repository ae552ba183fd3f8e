using System.Text.RegularExpressions;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Binding;
using OpenClaw.Configuration.Parsing;
using OpenClaw.Models.Providers;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>Every key that the program reads is in a table of docs/configuration.md, and every key there is read.</summary>
public sealed partial class DocumentedKeysTests
{
    [Fact]
    public void Every_key_that_is_read_is_documented() =>
        Assert.Equal("", string.Join('\n', Read().Where(key => key.Value.Length == 0).Select(key => key.Key).Except(Documented()).Order()));

    [Fact]
    public void Every_key_that_is_documented_is_read() =>
        Assert.Equal("", string.Join('\n', Documented().Except(Read().Keys).Order()));

    /// <summary>Reads documents that hold more and more sections, until no key is new.</summary>
    private static Dictionary<string, string> Read()
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var known = -1; known < keys.Count;)
        {
            known = keys.Count;
            var document = Json5Parser.Parse(Write("", keys));
            SectionReader.Read(
                document, "", "", new ConfigReading(new ConfigProblems(), _ => null) { Keys = keys },
                root => RootBinding.Read(root, ProviderApis.Rules));
        }

        Assert.True(keys.Count > 100, "The keys are not found.");
        return keys;
    }

    /// <summary>A section with all sections in it that are known.</summary>
    private static string Write(string section, Dictionary<string, string> keys)
    {
        var members =
            from key in keys
            where key.Value.Length > 0 && key.Key.StartsWith(section, StringComparison.Ordinal)
            let name = key.Key[section.Length..]
            where name.Length > 0 && name.IndexOfAny(['.', '[', '*']) < 0
            let inner = Write(key.Key + (key.Value == "." ? "." : key.Value + "."), keys)
            select $"{name}: {key.Value switch { ".*" => $"{{{NameIn(key.Key)}: {inner}}}", "[]" => $"[{inner}]", _ => inner }}";
        return $"{{{string.Join(", ", members)}}}";
    }

    private static string NameIn(string map) => map switch
    {
        "session.resetByType" => "direct",
        _ when map.EndsWith("groups", StringComparison.Ordinal) || map.EndsWith("topics", StringComparison.Ordinal)
            || map.EndsWith("guilds", StringComparison.Ordinal) => "'1'",
        _ when map.StartsWith("channels.slack", StringComparison.Ordinal) && map.EndsWith("channels", StringComparison.Ordinal) => "C1",
        _ => "x",
    };

    /// <summary>The first cells of all tables, below the section that a heading, or a line that begins with "Under", names.</summary>
    private static HashSet<string> Documented()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        string[] sections = [""];
        var isTable = false;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "docs", "configuration.md")))
        {
            if (line.StartsWith('#') || line.StartsWith("Under `", StringComparison.Ordinal))
            {
                string[] named = [.. Quoted().Matches(line).Select(match => Placeholder().Replace(match.Groups[1].Value, "*") + ".")];
                sections = named.Length == 0 || (line.StartsWith('#') && named.Length > 1) ? [""] : named;
            }

            isTable = line.StartsWith("| Key |", StringComparison.Ordinal) || (isTable && line.StartsWith('|'));
            if (!isTable || !line.StartsWith("| `", StringComparison.Ordinal))
            {
                continue;
            }

            var before = "";
            foreach (Match match in Quoted().Matches(line[..line.IndexOf('|', 1)]))
            {
                var key = Placeholder().Replace(match.Groups[1].Value, "*");
                before = !key.StartsWith('.') ? key : before.LastIndexOf('.') is >= 0 and var parent ? before[..parent] + key : key[1..];
                found.UnionWith(sections.Select(section => section + before));
            }
        }

        Assert.True(found.Count > 100, "The tables are not found.");
        return found;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Placeholder();
}
