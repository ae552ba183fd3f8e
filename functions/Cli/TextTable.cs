namespace OpenClaw.Functions.Cli;

/// <summary>Prints rows in columns. Characters that steer a terminal are left out: names come from strangers.</summary>
internal static class TextTable
{
    /// <param name="rows">The first one holds the headings.</param>
    public static void Write(TextWriter output, params IReadOnlyList<string?[]> rows)
    {
        var clean = rows.Select(row => row.Select(Clean).ToArray()).ToList();
        var widths = clean[0].Select((_, column) => clean.Max(row => row[column].Length)).ToArray();
        foreach (var row in clean)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string Clean(string? cell) =>
        string.IsNullOrEmpty(cell) ? "-" : string.Concat(cell.Where(c => !char.IsControl(c) && !IsFormat(c)));

    private static bool IsFormat(char c) => char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;
}
