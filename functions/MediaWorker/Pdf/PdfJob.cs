using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Worker;
using Wasmtime;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>Reads one PDF: (1) the text of all pages, (2) pictures of the pages whose text is not enough. After a limit was met in (1),
/// only pages before that one are drawn; after one in (2) nothing more is done.</summary>
internal sealed class PdfJob(PdfiumModule module, PdfRequest request, byte[] pdf, MediaWorkerPipes output)
{
    /// <summary>What models look at; a longer edge is scaled down by them.</summary>
    private const int MaxEdge = 1568;

    private const int Quality = 85;

    private readonly TimeSpan _start = Environment.CpuUsage.TotalTime;
    private readonly List<PdfPageText> _texts = [];
    private readonly List<int> _drawn = [];
    private readonly List<int> _blank = [];
    private readonly HashSet<int> _lost = [];
    private int _pageCount;
    private bool _isCut;
    private bool _isStopped;

    private PdfLimits Limits => request.Limits;

    private PdfTimes Times => request.Times;

    private int TextLength => _texts.Sum(static t => t.Length);

    public MediaWorkerReport Run()
    {
        var pdfium = new Pdfium(module, Times.Text);
        try
        {
            if (!TryOpen(pdfium))
            {
                return pdfium.NeedsPassword
                    ? new MediaWorkerReport { Code = MediaException.Unreadable, Message = "The PDF cannot be read: it needs a password." }
                    : _isStopped ? Report() : ReadSecond();
            }

            _pageCount = pdfium.PageCount;
            if (!Guard(() => ReadText(pdfium)))
            {
                pdfium.Dispose();
                pdfium = new Pdfium(module, Times.Page);
                _ = Guard(() => pdfium.Open(pdf));
            }

            Guard(() => Draw(pdfium));
            return Report();
        }
        finally
        {
            pdfium.Dispose();
        }
    }

    private bool TryOpen(Pdfium pdfium)
    {
        var isOpen = false;
        Guard(() => isOpen = pdfium.Open(pdf));
        return isOpen;
    }

    private void ReadText(Pdfium pdfium)
    {
        for (var (index, chars) = (0, 0); index < _pageCount; index++)
        {
            if (chars > Limits.MaxChars)
            {
                _isCut = true;
                return;
            }

            using var page = pdfium.LoadPage(index);
            var text = page?.ReadText(Limits.MaxChars - chars) ?? new PdfPageText("", 0);
            chars += text.Text.Length;
            _isCut |= text.IsCut;
            Give(text);
            if (text.IsGarbled || (text.Length == 0 && page?.HasObjects == true))
            {
                _lost.Add(index);
            }
        }
    }

    private void Give(PdfPageText text)
    {
        _texts.Add(text);
        output.Write(text.Text);
    }

    private void Draw(Pdfium pdfium)
    {
        var pages = Enumerable.Range(0, _isStopped ? _texts.Count : _pageCount);
        var wanted = TextLength < Limits.MinTextChars ? pages.ToList() : [.. pages.Where(_lost.Contains)];
        _isCut |= TextLength < Limits.MinTextChars && wanted.Count > Limits.MaxPages;
        var longest = Math.Clamp((int)Math.Sqrt(Limits.MaxPixels), 1, MaxEdge);
        foreach (var index in wanted.Take(Limits.MaxPages))
        {
            var left = Times.File - (Environment.CpuUsage.TotalTime - _start);
            if (left <= TimeSpan.Zero)
            {
                _isCut = _isStopped = true;
                return;
            }

            pdfium.Allow(left < Times.Page ? left : Times.Page);
            using var page = pdfium.LoadPage(index);
            if (page is null)
            {
                _isCut = true;
                continue;
            }

            var picture = page.Draw(longest);
            output.Write(ImageJob.EncodePage(picture, Quality));
            _drawn.Add(index + 1);
            if (picture.IsBlank)
            {
                _blank.Add(index + 1);
            }
        }
    }

    private MediaWorkerReport ReadSecond()
    {
        var count = SecondReader.Read(pdf, Limits.MaxChars, Times.Text, Give);
        if (count is null && TextLength == 0)
        {
            return new MediaWorkerReport { Code = MediaException.Unreadable };
        }

        _pageCount = count ?? _texts.Count;
        _isCut = count is null || _texts.Count < count || TextLength < Limits.MinTextChars;
        return TextLength == 0 ? new MediaWorkerReport { Code = MediaException.Unreadable } : Report(isRescued: true);
    }

    /// <returns>False: a limit of time or memory was met, or PDFium gave up.</returns>
    private bool Guard(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception failure) when (failure is WasmtimeException or OutOfMemoryException)
        {
            return !(_isCut = _isStopped = true);
        }
    }

    private MediaWorkerReport Report(bool isRescued = false) => new()
    {
        Pdf = new PdfReport
        {
            PageCount = _pageCount,
            PagesRead = _texts.Count,
            Drawn = _drawn,
            Blank = _blank,
            Unmapped = _texts.Sum(static t => t.Unmapped),
            IsRescued = isRescued,
            IsCut = _isCut,
            IsStopped = _isStopped,
        },
    };
}
