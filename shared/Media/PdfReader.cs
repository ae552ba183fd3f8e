using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Media;

/// <summary>Reads PDFs with poppler's programs, each started for one look at one file and killed when it needs more than a file may:
/// 512 MiB of addresses and <see cref="PdfTimes"/>. Two run at a time in one gateway; more wait.</summary>
public sealed class PdfReader(Func<PdfTools?> tools, PdfTimes times) : IDisposable
{
    /// <summary>What models look at; a longer edge is scaled down by them.</summary>
    public const int MaxEdge = 1568;

    private const int MaxPrograms = 2;
    private const int MemoryMebibytes = 512;

    /// <summary>Where readers look for <c>%PDF-</c>.</summary>
    private const int HeaderLength = 1024;

    /// <summary>A file whose text and page, or two pages, met a limit is not tried further.</summary>
    private const int MostKills = 2;

    /// <summary>A UTF-16 unit is at most this long in UTF-8.</summary>
    private const int BytesPerChar = 3;
    private const int MaxTextBytes = 64 * 1024 * 1024;

    /// <summary>How pdftoppm ends when there is no such page.</summary>
    private const int NoSuchPage = 99;

    private readonly SemaphoreSlim _places = new(MaxPrograms, MaxPrograms);

    public PdfReader(MediaTools tools)
        : this(() => tools.Pdf, PdfTimes.Default)
    {
    }

    public void Dispose() => _places.Dispose();

    /// <summary>The text; where there is too little, the pictures of the first pages with it. <see cref="PdfLimits.MaxPages"/> bounds
    /// the pictures only: text costs little, so that of all pages is read, up to the limit of characters and as far as time allows.
    /// The pages that could be read are given when others could not.</summary>
    /// <exception cref="MediaException"><c>unreadable_file</c>: no PDF, broken, or encrypted with a password;
    /// <c>file_too_complex</c>: nothing could be read within the limits; <c>media_tools_missing</c>.</exception>
    public async Task<PdfContent> ReadAsync(ReadOnlyMemory<byte> pdf, PdfLimits limits, CancellationToken cancellationToken)
    {
        if (pdf.Span[..Math.Min(pdf.Length, HeaderLength)].IndexOf("%PDF-"u8) < 0)
        {
            throw new MediaException(MediaException.Unreadable, "The file is not a PDF.");
        }

        var reading = new Reading(pdf, limits, tools() ?? throw new MediaException(
            MediaException.ToolsMissing,
            "Reading PDFs needs poppler, which is not installed on this gateway: its operator can install pdftotext and pdftoppm (Debian and Ubuntu: poppler-utils)."));
        var text = await ReadTextAsync(reading, cancellationToken);
        if (text.Length >= limits.MinTextChars)
        {
            return new PdfContent(text.Value, [], text.IsCut);
        }

        var (pages, isCut) = await RenderAsync(reading, text.IsCut ? null : text.PageCount, cancellationToken);
        if (pages.Count == 0 && text.Length == 0 && limits.MaxPages > 0)
        {
            throw reading.Kills > 0
                ? new MediaException(MediaException.TooComplex, "The PDF takes more time or memory to read than a file may.")
                : new MediaException(MediaException.Unreadable, "No page of the PDF can be read.");
        }

        return new PdfContent(text.Value, pages, text.IsCut || isCut);
    }

    private async Task<PdfText> ReadTextAsync(Reading reading, CancellationToken cancellationToken)
    {
        var most = (int)Math.Min((reading.Limits.MaxChars * (long)BytesPerChar) + 1024, MaxTextBytes);
        var result = await RunAsync(reading, reading.Tools.Text, ["-q", "-enc", "UTF-8", "-eol", "unix", "-", "-"], most, cancellationToken);
        if (!result.IsCut && !result.IsKilled && result.ExitCode != 0)
        {
            throw new MediaException(MediaException.Unreadable, reading.Pdf.Span.IndexOf("/Encrypt"u8) >= 0
                ? "The PDF cannot be read: it needs a password, or is broken."
                : "The PDF cannot be read: it is broken.");
        }

        return PdfText.From(result.Output, result.IsCut || result.IsKilled, reading.Limits.MaxChars);
    }

    /// <summary>One program a page, so that a slow page costs only itself.</summary>
    /// <param name="pageCount">Null when it is not known.</param>
    private async Task<(List<byte[]> Pages, bool IsCut)> RenderAsync(Reading reading, int? pageCount, CancellationToken cancellationToken)
    {
        var pages = new List<byte[]>();
        var most = Math.Min(reading.Limits.MaxPages, pageCount ?? int.MaxValue);
        var edge = Math.Clamp((int)Math.Sqrt(reading.Limits.MaxPixels), 1, MaxEdge);
        for (var page = 1; page <= most; page++)
        {
            if (reading.Kills == MostKills || reading.Clock.Elapsed >= times.File)
            {
                return (pages, true);
            }

            var number = page.ToString(CultureInfo.InvariantCulture);
            var result = await RunAsync(
                reading,
                reading.Tools.Raster,
                ["-q", "-f", number, "-l", number, "-singlefile", "-cropbox", "-scale-to", edge.ToString(CultureInfo.InvariantCulture), "-jpeg", "-"],
                (edge * edge * 3) + 65536,
                cancellationToken);
            if (result.ExitCode == NoSuchPage)
            {
                return (pages, pages.Count < page - 1);
            }

            if (IsJpeg(result))
            {
                pages.Add(result.Output);
            }
        }

        return (pages, pages.Count < most || pageCount > most);
    }

    private async Task<ToolResult> RunAsync(
        Reading reading, NativeProgram program, string[] arguments, int maxOutput, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        var left = times.File - reading.Clock.Elapsed;
        reading.Clock.Start();
        try
        {
            var limits = new ToolLimits(left < times.Program ? left : times.Program, maxOutput) { CpuSeconds = times.CpuSeconds, MemoryMebibytes = MemoryMebibytes };
            var result = await ToolProcess.RunAsync(program, arguments, reading.Pdf, limits, cancellationToken);
            reading.Kills += result.IsKilled ? 1 : 0;
            return result;
        }
        finally
        {
            reading.Clock.Stop();
            _places.Release();
        }
    }

    private static bool IsJpeg(ToolResult result) =>
        result is { ExitCode: 0, Output: [0xFF, 0xD8, .., 0xFF, 0xD9] };

    private sealed record Reading(ReadOnlyMemory<byte> Pdf, PdfLimits Limits, PdfTools Tools)
    {
        /// <summary>Runs while a program does.</summary>
        public Stopwatch Clock { get; } = new();

        /// <summary>How many programs met a limit.</summary>
        public int Kills { get; set; }
    }
}
