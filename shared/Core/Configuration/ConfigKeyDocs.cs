using System.Text.RegularExpressions;

namespace OpenClaw.Configuration;

/// <summary>What <c>docs/configuration.md</c> says of each key; the page is part of the assembly.</summary>
internal static partial class ConfigKeyDocs
{
    private const string Page = "configuration.md";

    /// <summary>The meanings by pattern, without Markdown; empty where the table has none.</summary>
    public static IReadOnlyDictionary<string, string> Read()
    {
        using var stream = typeof(ConfigKeyDocs).Assembly.GetManifestResourceStream(Page)
            ?? throw new InvalidOperationException($"The assembly lacks {Page}.");
        using var reader = new StreamReader(stream);
        return Read(reader.ReadToEnd());
    }

    /// <summary>The first and the last cells of all tables of keys, below the section that a heading, or a line that begins with "Under",
    /// names.</summary>
    private static Dictionary<string, string> Read(string page)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] sections = [""];
        var isTable = false;
        foreach (var line in page.Split('\n', StringSplitOptions.TrimEntries))
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

            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            var before = "";
            foreach (Match match in Quoted().Matches(cells[1]))
            {
                var key = Placeholder().Replace(match.Groups[1].Value, "*");
                before = !key.StartsWith('.') ? key : before.LastIndexOf('.') is >= 0 and var parent ? before[..parent] + key : key[1..];
                foreach (var section in sections)
                {
                    found.TryAdd(section + before, Plain(cells[^2]));
                }
            }
        }

        return found;
    }

    private static string Plain(string cell) => Link().Replace(cell, "$1").Replace("`", "", StringComparison.Ordinal).Trim();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();
}
