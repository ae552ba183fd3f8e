namespace OpenClaw.Media.Images;

/// <summary>Which images are taken, and how large they may be sent to a model.</summary>
/// <param name="AllowedTypes">Media types; <c>image/heic</c> and <c>image/heif</c> stand for each other.</param>
/// <param name="MaxBytes">Of the image as it came.</param>
public sealed record ImageLimits(IReadOnlyList<string> AllowedTypes, long MaxBytes)
{
    /// <summary>One with more is refused by its header.</summary>
    public long MaxPixels { get; init; } = 64_000_000;

    /// <summary>Pixels; a longer edge is scaled down.</summary>
    public int MaxEdge { get; init; } = 8_000;

    /// <summary>A larger image is scaled and encoded again.</summary>
    public long MaxSentBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary>Whether an image that is passed on keeps its EXIF, XMP and IPTC, in which its place is; others never do.</summary>
    public bool KeepMetadata { get; init; }
}

/// <summary>An image as a model takes it.</summary>
/// <param name="MediaType"><c>image/jpeg</c>, <c>png</c>, <c>gif</c> or <c>webp</c>.</param>
public sealed record PreparedImage(ReadOnlyMemory<byte> Bytes, string MediaType);

/// <summary>Makes of what a user sends an image that models take: unchanged where it can be, else an upright JPEG.</summary>
public sealed class ImageReader(ImageConverter converter)
{
    /// <summary>Longest edge of what is encoded again: no model looks at more.</summary>
    private const int ScaledEdge = 2_048;

    /// <summary>Its bytes decide what it is. A JPEG that EXIF turns stays as it is: turning it would cost a process, and quality.</summary>
    /// <param name="caller">Whose image it is.</param>
    /// <exception cref="MediaException"><c>unsupported_media_type</c>, <c>file_too_large</c>, and those of
    /// <see cref="ImageConverter"/>.</exception>
    public async Task<PreparedImage> PrepareAsync(
        ReadOnlyMemory<byte> image, ImageLimits limits, string caller, CancellationToken cancellationToken)
    {
        if (image.Length > limits.MaxBytes)
        {
            throw new MediaException(MediaException.TooLarge, $"The image has {image.Length} bytes; {limits.MaxBytes} are allowed.");
        }

        if (ImageHeader.Read(image.Span) is not { } info)
        {
            throw new MediaException(
                MediaException.UnsupportedType, $"Not an image that can be read; allowed are {string.Join(", ", limits.AllowedTypes)}.");
        }

        if (!limits.AllowedTypes.Any(type => IsSame(type, info.MediaType)))
        {
            throw new MediaException(
                MediaException.UnsupportedType,
                $"'{info.MediaType}' is not allowed here; allowed are {string.Join(", ", limits.AllowedTypes)}.");
        }

        if (info.Pixels > limits.MaxPixels)
        {
            throw new MediaException(
                MediaException.TooLarge, $"The image has {info.Width} x {info.Height} pixels; {limits.MaxPixels} are allowed.");
        }

        var isLong = Math.Max(info.Width, info.Height) > limits.MaxEdge;
        if (!info.IsHeif && !isLong && image.Length <= limits.MaxSentBytes)
        {
            return new PreparedImage(limits.KeepMetadata ? image : ImageMetadata.Strip(image, info), info.MediaType);
        }

        if (info.IsAnimated && !info.IsHeif)
        {
            throw new MediaException(MediaException.TooLarge, isLong
                ? $"The {info.Name} image has {info.Width} x {info.Height} pixels; an edge may have {limits.MaxEdge}, "
                    + "and animations are not scaled."
                : $"The {info.Name} image has {image.Length} bytes; {limits.MaxSentBytes} can be sent to a model, "
                    + "and animations are not scaled.");
        }

        var edge = Math.Min(ScaledEdge, limits.MaxEdge);
        return new PreparedImage(
            await converter.ToJpegAsync(
                image, info, edge, limits.MaxPixels, limits.MaxSentBytes, caller, cancellationToken), ImageInfo.Jpeg);
    }

    private static bool IsSame(string allowed, string type) =>
        allowed.Equals(type, StringComparison.OrdinalIgnoreCase)
        || (type is ImageInfo.Heic or ImageInfo.Heif
            && (allowed.Equals(ImageInfo.Heic, StringComparison.OrdinalIgnoreCase)
                || allowed.Equals(ImageInfo.Heif, StringComparison.OrdinalIgnoreCase)));
}
