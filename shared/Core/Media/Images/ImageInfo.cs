namespace OpenClaw.Media.Images;

/// <summary>What an image's header says.</summary>
/// <param name="MediaType"><c>image/…</c>, by the bytes.</param>
/// <param name="Width">As stored, before any rotation.</param>
/// <param name="Height">As stored, before any rotation.</param>
public sealed record ImageInfo(string MediaType, int Width, int Height)
{
    public const string Jpeg = "image/jpeg";

    public const string Png = "image/png";

    public const string Gif = "image/gif";

    public const string WebP = "image/webp";

    public const string Heic = "image/heic";

    public const string Heif = "image/heif";

    public const string Avif = "image/avif";

    /// <summary>EXIF's, 1 to 8: how a JPEG has to be turned to stand upright. 1 for other types: a HEIF is turned by the code that decodes
    /// it.</summary>
    public int Orientation { get; init; } = 1;

    public bool IsAnimated { get; init; }

    public long Pixels => (long)Width * Height;

    /// <summary>One that models do not take: it has to become a JPEG.</summary>
    public bool IsHeif => IsHeifType(MediaType);

    /// <summary>Of a JPEG: 4 are inks; 0 where nothing is said.</summary>
    public int Channels { get; init; }

    public static bool IsHeifType(string mediaType) => mediaType is Heic or Heif or Avif;

    /// <summary>As people write it, such as <c>HEIC</c>.</summary>
    public string Name => MediaType == WebP ? "WebP" : MediaType["image/".Length..].ToUpperInvariant();
}
