using System.Text;

namespace OpenClaw.Media;

/// <summary>What pdftotext wrote, made fit for a model.</summary>
/// <param name="PageCount">The pages that were read to their end.</param>
internal sealed record PdfText(string Value, int PageCount, bool IsCut)
{
    private const char PageEnd = '\f';

    /// <summary>Characters that are not white space.</summary>
    public int Length => Value.Count(static c => !char.IsWhiteSpace(c));

    /// <param name="isCut">There was more than these bytes; the last character may be cut as well.</param>
    public static PdfText From(ReadOnlySpan<byte> utf8, bool isCut, int maxChars)
    {
        var raw = Encoding.UTF8.GetString(utf8);
        var pages = raw.Split(PageEnd);
        var text = string.Join("\n\n", pages.Select(Clean).Where(static page => page.Length > 0));
        text = isCut ? text.TrimEnd('\uFFFD') : text;
        return new PdfText(Utf16.Head(text, maxChars), pages.Length - 1, isCut || text.Length > maxChars);
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
