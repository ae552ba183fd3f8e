using System.Globalization;
using OpenClaw.Media.Worker;

namespace OpenClaw.Media.Documents;

/// <summary>Reads PDFs in media workers.</summary>
public sealed class PdfReader(MediaWorkers workers)
{
    /// <summary>Tests shorten it.</summary>
    public PdfTimes Times { get; init; } = PdfTimes.Default;

    /// <summary>The text; where it is too little or looks lost, pictures of pages with it. <see cref="PdfLimits.MaxPages"/> bounds the
    /// pictures only: text costs little, so that of all pages is read, up to the limit of characters and as far as time allows. What could
    /// be read before a limit was met is given.</summary>
    /// <param name="caller">Whose file it is.</param>
    /// <exception cref="MediaException"><c>unreadable_file</c>: no PDF, broken, or encrypted with a password;
    /// <c>file_too_complex</c>: nothing could be read within the limits; <c>media_tools_missing</c>; <c>media_busy</c>.</exception>
    public async Task<PdfContent> ReadAsync(ReadOnlyMemory<byte> pdf, PdfLimits limits, string caller, CancellationToken cancellationToken)
    {
        var answer = await workers.WithPdfiumAsync(
            module => workers.RunAsync(new PdfRequest(module, limits, Times), pdf, caller, cancellationToken));
        if (answer?.Report is { Code: { } code } report)
        {
            throw code == MediaException.ToolsMissing ? Missing() : new MediaException(code, report.Message ?? WordsFor(code));
        }

        if (answer is null)
        {
            throw Missing();
        }

        var text = PdfText.From(answer.Texts, limits.MaxChars);
        var done = answer.Report?.Pdf
            ?? new PdfReport { PageCount = answer.Texts.Count, PagesRead = answer.Texts.Count, IsCut = true, IsStopped = true };
        return answer.Pictures.Count == 0 && text.Length == 0 && limits.MinTextChars > 0 && (limits.MaxPages > 0 || done.IsStopped)
            ? throw (done.IsStopped
                ? new MediaException(MediaException.TooComplex, WordsFor(MediaException.TooComplex))
                : new MediaException(MediaException.Unreadable, "No page of the PDF can be read."))
            : new PdfContent(text.Value, answer.Pictures, text.IsCut || done.IsCut) { Summary = Describe(done, answer.Pictures.Count) };
    }

    private static string Describe(PdfReport done, int pictures)
    {
        var words = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture,
                $"{Count(done.PageCount, "page")}; text of {(done.PagesRead == done.PageCount ? "all" : done.PagesRead)} read"),
        };
        if (pictures > 0)
        {
            words.Add($"shown as images: {(done.Drawn.Count == pictures ? string.Join(", ", done.Drawn) : pictures)}");
        }

        if (done.Unmapped > 0)
        {
            words.Add($"{Count(done.Unmapped, "character")} without Unicode, text may be wrong");
        }

        if (done.Blank.Count > 0)
        {
            words.Add($"look blank: {string.Join(", ", done.Blank)}");
        }

        if (done.IsRescued)
        {
            words.Add("the file is damaged, parts may be missing");
        }

        if (done.IsStopped)
        {
            words.Add("reading was stopped at a limit of time or memory");
        }

        return string.Join("; ", words);
    }

    private static string Count(int number, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {thing}{(number == 1 ? "" : "s")}");

    private static string WordsFor(string code) => code == MediaException.TooComplex
        ? "The PDF takes more time or memory to read than a file may."
        : "The PDF cannot be read: it is broken, or no PDF.";

    private static MediaException Missing() => new(
        MediaException.ToolsMissing, "PDFs cannot be read on this gateway: PDFium is missing, or does not run on this system.");
}
