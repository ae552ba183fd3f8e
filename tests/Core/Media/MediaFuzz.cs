using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Sends damaged files through the media worker: each ends in content or a <see cref="MediaException"/>.</summary>
internal sealed class MediaFuzz(MediaWorkers workers)
{
    /// <summary>Outcomes that begin with it are bugs.</summary>
    public const string Bug = "!";

    /// <summary>The header tells that it is no image; the worker never sees it.</summary>
    public const string NoImage = "no image";

    private static readonly PdfLimits Limits = new(MaxPages: 2, MaxPixels: 250_000, MinTextChars: 20, MaxChars: 2_000);

    private readonly PdfReader _pdfs = new(
        workers)
    { Times = new PdfTimes(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)) };
    private readonly ImageConverter _images = new(workers);

    /// <returns>What became of it, as a word.</returns>
    public async Task<string> TryAsync(string kind, byte[] file, string caller)
    {
        try
        {
            return kind == "pdf" ? await ReadAsync(file, caller) : await ConvertAsync(file, caller);
        }
        catch (MediaException refusal)
        {
            return refusal.Code is MediaException.ToolsMissing or MediaException.Busy ? Bug + refusal.Message : refusal.Code;
        }
        catch (Exception failure)
        {
            return Bug + failure.GetType().Name;
        }
    }

    private async Task<string> ReadAsync(byte[] pdf, string caller)
    {
        var content = await _pdfs.ReadAsync(pdf, Limits, caller, CancellationToken.None);
        return content.Text.Length > Limits.MaxChars || content.Text.Any(static c => char.IsControl(c) && c is not '\n' and not '\t')
            ? Bug + "wrong text"
            : content.Pages.Count > Limits.MaxPages ? Bug + "too many pages"
            : content.Pages.Count > 0 ? "pictures" : "text";
    }

    private async Task<string> ConvertAsync(byte[] image, string caller)
    {
        if (ImageHeader.Read(image) is not { } info || info.Pixels > 4_000_000)
        {
            return NoImage;
        }

        var jpeg = await _images.ToJpegAsync(image, info, 64, 4_000_000, long.MaxValue, caller, CancellationToken.None);
        return ImageHeader.Read(jpeg) is { Width: <= 64, Height: <= 64 } ? "converted" : Bug + "no such JPEG";
    }
}
