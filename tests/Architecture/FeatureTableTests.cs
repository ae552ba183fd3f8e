using System.Text.RegularExpressions;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Architecture;

/// <summary>Numbers such as F37 or R13 in code and tests are explained in docs/features.md; the tests it names carry them.</summary>
public partial class FeatureTableTests
{
    private static readonly char Separator = Path.DirectorySeparatorChar;

    [Fact]
    public void Every_number_on_a_test_is_a_row_of_the_feature_table()
    {
        var rows = ReadRows();

        var unexplained = NumbersOnTests().Keys.Where(number => !rows.ContainsKey(number));
        Assert.Empty(unexplained);
    }

    [Fact]
    public void Every_number_in_a_comment_is_a_row_of_the_feature_table()
    {
        var rows = ReadRows();

        var unknown =
            from folder in new[] { "shared", "functions" }
            from file in SourceFiles(folder)
            from line in File.ReadLines(file)
            where line.Contains("//", StringComparison.Ordinal)
            from Match match in NumberInComment().Matches(line[line.IndexOf("//", StringComparison.Ordinal)..])
            where !rows.ContainsKey(match.Value)
            select $"{Path.GetFileName(file)}: {match.Value}";
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_test_class_that_a_row_names_carries_the_number_of_the_row()
    {
        var onTests = NumbersOnTests();

        var wrong =
            from row in ReadRows()
            from name in row.Value
            where !onTests.TryGetValue(row.Key, out var classes) || !classes.Contains(name)
            select $"{row.Key}: {name}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_row_names_a_test_class_when_a_test_carries_its_number()
    {
        var rows = ReadRows();

        var unnamed = NumbersOnTests().Keys.Where(number => rows.TryGetValue(number, out var names) && names.Count == 0);
        Assert.Empty(unnamed);
    }

    /// <summary>The numbers that the table explains, each with the test classes that its last cell names.</summary>
    private static Dictionary<string, IReadOnlyList<string>> ReadRows() =>
        File.ReadLines(Path.Combine(Repository.Root, "docs", "features.md"))
            .Select(line => TableRow().Match(line)).Where(match => match.Success)
            .ToDictionary(
                match => match.Groups[1].Value,
                match => (IReadOnlyList<string>)[.. TestClass().Matches(match.Groups[2].Value).Select(name => name.Groups[1].Value)],
                StringComparer.Ordinal);

    /// <summary>The numbers that tests carry as a trait, each with the classes of those tests.</summary>
    private static Dictionary<string, HashSet<string>> NumbersOnTests()
    {
        var found = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var file in SourceFiles("tests"))
        {
            var text = File.ReadAllText(file);
            var classes = ClassName().Matches(text);
            foreach (Match trait in FeatureTrait().Matches(text))
            {
                var owner = classes.LastOrDefault(name => name.Index < trait.Index) ?? classes[0];
                if (!found.TryGetValue(trait.Groups[1].Value, out var names))
                {
                    found[trait.Groups[1].Value] = names = new HashSet<string>(StringComparer.Ordinal);
                }

                names.Add(owner.Groups[1].Value);
            }
        }

        Assert.True(found.Count > 100, "The traits of the tests are not found.");
        return found;
    }

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Separator}obj{Separator}", StringComparison.Ordinal)
                && !file.Contains($"{Separator}bin{Separator}", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| ([FDRT]\d{1,3}) \|.*\| ([^|]*) \|$")]
    private static partial Regex TableRow();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\b[FDRT]\d{1,3}\b")]
    private static partial Regex NumberInComment();

    [GeneratedRegex(@"^public (?:sealed |static |abstract |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassName();

    [GeneratedRegex("""Trait\("Feature", "([FDRT]\d{1,3})"\)""")]
    private static partial Regex FeatureTrait();
}
