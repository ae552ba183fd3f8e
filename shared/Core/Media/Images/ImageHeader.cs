using System.Buffers.Binary;

namespace OpenClaw.Media.Images;

/// <summary>Reads what the first bytes of an image tell, without decoding it: safe on anything a stranger sends.</summary>
internal static class ImageHeader
{
    private const int PngHeaderLength = 33;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <returns>Null: not an image that it knows, or its header is broken.</returns>
    public static ImageInfo? Read(ReadOnlySpan<byte> image) => image switch
    {
        [0xFF, 0xD8, 0xFF, ..] => JpegHeader.Read(image),
        [0x89, ..] when image.StartsWith(PngSignature) => ReadPng(image),
        [(byte)'G', ..] when image.StartsWith("GIF87a"u8) || image.StartsWith("GIF89a"u8) => GifHeader.Read(image),
        [(byte)'R', ..] when image.Length >= 30 && image.StartsWith("RIFF"u8) && image[8..].StartsWith("WEBP"u8) => ReadWebP(image),
        _ when image.Length >= 16 && image[4..].StartsWith("ftyp"u8) => HeifHeader.Read(image),
        _ => null,
    };

    /// <summary>Null unless both edges are at least a pixel.</summary>
    internal static ImageInfo? Create(string mediaType, long width, long height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? new ImageInfo(mediaType, (int)width, (int)height) : null;

    private static ImageInfo? ReadPng(ReadOnlySpan<byte> image)
    {
        if (image.Length < PngHeaderLength || BinaryPrimitives.ReadUInt32BigEndian(image[8..]) != 13 || !image[12..].StartsWith("IHDR"u8))
        {
            return null;
        }

        var size = Create(ImageInfo.Png, BinaryPrimitives.ReadUInt32BigEndian(image[16..]), BinaryPrimitives.ReadUInt32BigEndian(
            image[20..]));
        return size is null ? null : size with { IsAnimated = IsAnimatedPng(image[PngHeaderLength..]) };
    }

    /// <summary>An animation's control chunk comes before the first pixel.</summary>
    private static bool IsAnimatedPng(ReadOnlySpan<byte> chunks)
    {
        while (chunks.Length >= 12 && !chunks[4..].StartsWith("IDAT"u8))
        {
            if (chunks[4..].StartsWith("acTL"u8))
            {
                return true;
            }

            var next = 12L + BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (next > chunks.Length)
            {
                return false;
            }

            chunks = chunks[(int)next..];
        }

        return false;
    }

    private static ImageInfo? ReadWebP(ReadOnlySpan<byte> image)
    {
        var chunk = image[20..];
        if (image[12..].StartsWith("VP8X"u8))
        {
            var size = Create(ImageInfo.WebP, 1L + ReadUInt24(chunk[4..]), 1L + ReadUInt24(chunk[7..]));
            return size is null ? null : size with { IsAnimated = (chunk[0] & 0x02) != 0 };
        }

        if (image[12..].StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[1..]);
            return chunk[0] != 0x2F ? null : Create(ImageInfo.WebP, 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
        }

        return image[12..].StartsWith("VP8 "u8) && chunk is [_, _, _, 0x9D, 0x01, 0x2A, ..]
            ? Create(ImageInfo.WebP, BinaryPrimitives.ReadUInt16LittleEndian(chunk[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(
                chunk[8..]) & 0x3FFF)
            : null;
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
