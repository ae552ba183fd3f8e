using OpenClaw.Media.Worker;

namespace OpenClaw.Media.Images;

/// <summary>Turns images into upright JPEGs in media workers.</summary>
public sealed class ImageConverter(MediaWorkers workers)
{
    /// <param name="info">The header of <paramref name="image"/>.</param>
    /// <param name="maxEdge">Pixels; a larger image is scaled down to it.</param>
    /// <param name="maxPixels">An image with more is refused.</param>
    /// <param name="maxBytes">Of the JPEG; it is made smaller until it fits.</param>
    /// <param name="caller">Whose file it is.</param>
    /// <returns>The JPEG: sRGB, alpha flattened on white, without metadata.</returns>
    /// <exception cref="MediaException"><c>unreadable_file</c>, <c>file_too_large</c>, <c>file_too_complex</c>, <c>media_tools_missing</c>,
    /// <c>media_busy</c>.</exception>
    public async Task<byte[]> ToJpegAsync(
        ReadOnlyMemory<byte> image, ImageInfo info, int maxEdge, long maxPixels, long maxBytes, string caller,
            CancellationToken cancellationToken)
    {
        if (info.Pixels > maxPixels)
        {
            throw new MediaException(MediaException.TooLarge, $"The image has more than {maxPixels} pixels.");
        }

        var request = new ImageRequest(info.MediaType, maxEdge, maxPixels, maxBytes) { Channels = info.Channels };
        var answer = await workers.RunAsync(request, image, caller, cancellationToken);
        return answer is { Report.Code: null, Pictures: [var jpeg] } ? jpeg : throw Refuse(answer.Report, info);
    }

    private static MediaException Refuse(MediaWorkerReport? report, ImageInfo info) => report?.Code switch
    {
        MediaException.Unreadable =>
            new MediaException(MediaException.Unreadable, $"The {info.Name} image is broken, or of a kind that cannot be read."),
        MediaException.ToolsMissing => new MediaException(
            MediaException.ToolsMissing,
                $"{info.Name} images cannot be converted on this gateway: ImageMagick has no library for its system."),
        MediaException.TooLarge => new MediaException(MediaException.TooLarge, report.Message ?? "The image is too large."),
        _ => new MediaException(MediaException.TooComplex, "Converting the image takes more time or memory than one image may."),
    };
}
