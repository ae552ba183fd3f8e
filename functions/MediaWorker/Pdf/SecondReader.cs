using System.Diagnostics;
using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.DocumentLayoutAnalysis.WordExtractor;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>PdfPig: reads the text of files that are too broken for PDFium. It draws nothing and knows no form values.</summary>
internal static class SecondReader
{
    /// <summary>Words whose base lines differ by more than this share of a word's height stand in two lines.</summary>
    private const double LineShare = 0.5;

    private static readonly ParsingOptions Options = new() { UseLenientParsing = true, SkipMissingFonts = true };

    /// <summary>Gives each page's text as soon as it is read.</summary>
    /// <returns>The number of pages; null: it cannot read the file either.</returns>
    public static int? Read(byte[] pdf, int maxChars, TimeSpan time, Action<PdfPageText> give)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var document = PdfDocument.Open(pdf, Options);
            var chars = 0;
            for (var number = 1; number <= document.NumberOfPages && chars <= maxChars && clock.Elapsed < time; number++)
            {
                var text = ReadPage(document.GetPage(number));
                chars += text.Length;
                give(new PdfPageText(text, text.Count(static c => PdfPageText.IsPrivate(c))));
            }

            return document.NumberOfPages;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException and not IOException)
        {
            // It reports what is wrong with a file by exceptions of every kind.
            return null;
        }
    }

    private static string ReadPage(Page page)
    {
        var text = new StringBuilder();
        Word? last = null;
        foreach (var word in NearestNeighbourWordExtractor.Instance.GetWords(page.Letters))
        {
            var isSameLine = last is not null
                && Math.Abs(last.BoundingBox.Bottom - word.BoundingBox.Bottom) <= Math.Max(last.BoundingBox.Height, 1) * LineShare;
            text.Append(last is null ? "" : isSameLine ? " " : "\n").Append(word.Text);
            last = word;
        }

        return text.ToString();
    }
}
