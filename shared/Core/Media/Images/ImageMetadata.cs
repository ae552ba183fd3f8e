using System.Buffers.Binary;

namespace OpenClaw.Media.Images;

/// <summary>Takes out of an image what tells where, when and by whom it was taken, and leaves each pixel as it is.</summary>
internal static class ImageMetadata
{
    private const int Orientable = 2;

    private const byte Exif = 0xE1;

    private static ReadOnlySpan<byte> OrientationPrefix =>
        [0xFF, Exif, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (
            byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0];

    /// <returns>The same memory where there is nothing to take out.</returns>
    public static ReadOnlyMemory<byte> Strip(ReadOnlyMemory<byte> image, ImageInfo info)
    {
        var kept = info.MediaType switch
        {
            ImageInfo.Jpeg => KeepOfJpeg(image.Span),
            ImageInfo.Png => KeepOfPng(image.Span),
            ImageInfo.WebP => KeepOfWebP(image.Span),
            ImageInfo.Gif => KeepOfGif(image.Span),
            _ => [new Range(0, image.Length)],
        };
        if (kept is [var all] && all.GetOffsetAndLength(image.Length).Length == image.Length)
        {
            return image;
        }

        using var stripped = new MemoryStream(image.Length);
        foreach (var range in kept)
        {
            stripped.Write(image.Span[range]);
            if (info is { MediaType: ImageInfo.Jpeg, Orientation: >= Orientable } && stripped.Length == 2)
            {
                stripped.Write(OrientationPrefix);
                stripped.Write([(byte)info.Orientation, 0, 0, 0, 0, 0, 0]);
            }
        }

        var result = stripped.ToArray();
        if (info.MediaType == ImageInfo.WebP)
        {
            MendWebP(result);
        }

        return result;
    }

    /// <summary>Segments that decide how the pixels look stay; what follows the end of the image goes, such as a second one.</summary>
    private static List<Range> KeepOfJpeg(ReadOnlySpan<byte> image)
    {
        var kept = new Ranges(2);
        var segments = new JpegSegments(image);
        while (segments.MoveNext())
        {
            if (!IsMetadata(segments.Marker, segments.Content))
            {
                kept.Add(segments.Start, segments.End);
            }

            if (segments.Marker == JpegSegments.EndOfImage)
            {
                return kept.All;
            }
        }

        return kept.All;
    }

    private static bool IsMetadata(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        0xE0 or 0xEE => false,
        0xE2 => !content.StartsWith("ICC_PROFILE\0"u8),
        >= Exif and <= 0xEF => true,
        _ => false,
    };

    private static List<Range> KeepOfPng(ReadOnlySpan<byte> image)
    {
        var kept = new Ranges(8);
        for (var at = 8; at + 12 <= image.Length;)
        {
            var type = image.Slice(at + 4, 4);
            var end = (int)Math.Min(at + 12L + BinaryPrimitives.ReadUInt32BigEndian(image[at..]), image.Length);
            if (!(type.SequenceEqual("eXIf"u8) || type.SequenceEqual("tEXt"u8) || type.SequenceEqual("zTXt"u8)
                || type.SequenceEqual("iTXt"u8)))
            {
                kept.Add(at, end);
            }

            at = type.SequenceEqual("IEND"u8) ? image.Length : end;
        }

        return kept.All;
    }

    private static List<Range> KeepOfWebP(ReadOnlySpan<byte> image)
    {
        var kept = new Ranges(12);
        for (var at = 12; at + 8 <= image.Length;)
        {
            long length = BinaryPrimitives.ReadUInt32LittleEndian(image[(at + 4)..]);
            var end = (int)Math.Min(at + 8 + length + (length & 1), image.Length);
            if (!(image[at..].StartsWith("EXIF"u8) || image[at..].StartsWith("XMP "u8)))
            {
                kept.Add(at, end);
            }

            at = end;
        }

        return kept.All;
    }

    /// <summary>The length in front, and the flags that announce EXIF and XMP.</summary>
    private static void MendWebP(Span<byte> image)
    {
        BinaryPrimitives.WriteInt32LittleEndian(image[4..], image.Length - 8);
        if (image[12..].StartsWith("VP8X"u8))
        {
            image[20] &= 0xF3;
        }
    }

    private static List<Range> KeepOfGif(ReadOnlySpan<byte> image)
    {
        var blocks = new GifBlocks(image);
        var kept = new Ranges(blocks.End);
        while (blocks.MoveNext())
        {
            var isXmp = image[blocks.Start..] is [0x21, 0xFF, 11, .. var named] && named.StartsWith("XMP DataXMP"u8);
            if (!isXmp)
            {
                kept.Add(blocks.Start, blocks.End);
            }
        }

        return kept.All;
    }

    /// <summary>Parts that are kept; neighbours become one.</summary>
    /// <param name="head">Length of the first part.</param>
    private sealed class Ranges(int head)
    {
        public List<Range> All { get; } = [new(0, head)];

        public void Add(int start, int end)
        {
            if (All[^1].End.Value == start)
            {
                All[^1] = new Range(All[^1].Start, end);
            }
            else
            {
                All.Add(new Range(start, end));
            }
        }
    }
}
