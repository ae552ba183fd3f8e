using System.Globalization;
using System.Text;
using Markdig.Extensions.Tables;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary>A table as lines of equal columns, for a font of one width.</summary>
internal static class MarkdownTable
{
    /// <summary>A wider cell does not widen its column.</summary>
    private const int MaxWidth = 40;

    public static string Align(Table table, Func<TableCell, string> textOf)
    {
        var rows = table.OfType<TableRow>().Select(
            row => (row.IsHeader, Cells: row.OfType<TableCell>().Select(c => textOf(c).Trim()).ToList())).ToList();
        var columns = rows.Select(r => r.Cells.Count).DefaultIfEmpty().Max();
        var widths = Enumerable.Range(0, columns).Select(
            i => rows.Max(r => i < r.Cells.Count ? Math.Min(Width(r.Cells[i]), MaxWidth) : 0)).ToList();
        var lines = new StringBuilder();
        foreach (var (isHeader, cells) in rows)
        {
            lines.Append(lines.Length > 0 ? "\n" : "").Append(
                string.Join(" | ", widths.Select((width, i) => Pad(i < cells.Count ? cells[i] : "", width))).TrimEnd());
            if (isHeader)
            {
                lines.Append('\n').Append(string.Join("-|-", widths.Select(width => new string('-', width))));
            }
        }

        return lines.ToString();
    }

    private static string Pad(string cell, int width) => cell + new string(' ', Math.Max(0, width - Width(cell)));

    private static int Width(string text) => new StringInfo(text).LengthInTextElements;
}
