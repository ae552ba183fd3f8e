using System.Text;
using OpenClaw.Text;

namespace OpenClaw.Media.Documents;

/// <summary>The text of a PDF's pages, made fit for a model.</summary>
internal sealed record PdfText(string Value, bool IsCut)
{
    /// <summary>Characters that are not white space.</summary>
    public int Length => Value.Count(static c => !char.IsWhiteSpace(c));

    public static PdfText From(IEnumerable<string> pages, int maxChars)
    {
        var text = string.Join("\n\n", pages.Select(Clean).Where(static page => page.Length > 0));
        return new PdfText(Utf16.Head(text, maxChars), text.Length > maxChars);
    }

    private static string Clean(string page)
    {
        var clean = new StringBuilder(page.Length);
        foreach (var character in page)
        {
            if (!char.IsControl(character) || character is '\n' or '\t')
            {
                clean.Append(character);
            }
        }

        return clean.ToString().TrimStart('\n').TrimEnd();
    }
}
