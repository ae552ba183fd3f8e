using System.Buffers.Binary;

namespace OpenClaw.Media.Images;

/// <summary>The brands and the largest extent that a HEIF file declares: HEIC, AVIF and their kin.</summary>
internal static class HeifHeader
{
    private const int MostBoxes = 10_000;

    /// <summary>The size is the largest of its items, so that a small primary item hides no huge one; null when it declares none.</summary>
    public static ImageInfo? Read(ReadOnlySpan<byte> image)
    {
        if (!TryReadBox(image, out _, out var brands, out var rest) || ReadType(brands) is not { } mediaType)
        {
            return null;
        }

        for (var count = 0; count < MostBoxes && TryReadBox(rest, out var type, out var content, out rest); count++)
        {
            if (type == Code("meta"u8))
            {
                var size = content.Length < 4 ? null : ReadExtents(mediaType, content[4..]);
                return size is null ? null : size with { IsAnimated = IsSequence(brands) };
            }
        }

        return null;
    }

    private static ImageInfo? ReadExtents(string mediaType, ReadOnlySpan<byte> meta)
    {
        ImageInfo? largest = null;
        var properties = Find(Find(meta, Code("iprp"u8)), Code("ipco"u8));
        for (var count = 0; count < MostBoxes && TryReadBox(properties, out var type, out var content, out properties); count++)
        {
            if (type == Code("ispe"u8) && content.Length >= 12
                && ImageHeader.Create(
                    mediaType, BinaryPrimitives.ReadUInt32BigEndian(content[4..]), BinaryPrimitives.ReadUInt32BigEndian(
                    content[8..])) is { } size
                && size.Pixels > (largest?.Pixels ?? 0))
            {
                largest = size;
            }
        }

        return largest;
    }

    /// <summary>Content of the first such box; empty when there is none.</summary>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> boxes, uint wanted)
    {
        for (var count = 0; count < MostBoxes && TryReadBox(boxes, out var type, out var content, out boxes); count++)
        {
            if (type == wanted)
            {
                return content;
            }
        }

        return [];
    }

    /// <param name="content">What there is of it: a truncated last box is cut.</param>
    private static bool TryReadBox(ReadOnlySpan<byte> boxes, out uint type, out ReadOnlySpan<byte> content, out ReadOnlySpan<byte> rest)
    {
        type = 0;
        content = rest = default;
        if (boxes.Length < 8)
        {
            return false;
        }

        ulong length = BinaryPrimitives.ReadUInt32BigEndian(boxes);
        type = BinaryPrimitives.ReadUInt32BigEndian(boxes[4..]);
        var start = 8;
        if (length == 1 && boxes.Length >= 16)
        {
            length = BinaryPrimitives.ReadUInt64BigEndian(boxes[8..]);
            start = 16;
        }
        else if (length == 0)
        {
            length = (ulong)boxes.Length;
        }

        if (length < (ulong)start)
        {
            return false;
        }

        var end = (int)Math.Min(length, (ulong)boxes.Length);
        content = boxes[start..end];
        rest = boxes[end..];
        return true;
    }

    /// <param name="brands">Content of the file type box: the major brand, a version, compatible brands.</param>
    private static string? ReadType(ReadOnlySpan<byte> brands) =>
        HasBrand(brands, "avif"u8) || HasBrand(brands, "avis"u8) ? ImageInfo.Avif
        : HasBrand(brands, "heic"u8) || HasBrand(brands, "heix"u8) || HasBrand(brands, "heim"u8) || HasBrand(brands, "heis"u8)
            || HasBrand(brands, "hevc"u8) || HasBrand(brands, "hevx"u8) ? ImageInfo.Heic
        : HasBrand(brands, "mif1"u8) || HasBrand(brands, "msf1"u8) || HasBrand(brands, "mif2"u8) ? ImageInfo.Heif
        : null;

    private static bool IsSequence(ReadOnlySpan<byte> brands) =>
        brands.StartsWith("msf1"u8) || brands.StartsWith("hevc"u8) || brands.StartsWith("hevx"u8) || brands.StartsWith("avis"u8);

    private static bool HasBrand(ReadOnlySpan<byte> brands, ReadOnlySpan<byte> brand)
    {
        if (brands.StartsWith(brand))
        {
            return true;
        }

        for (var at = 8; at + 4 <= brands.Length; at += 4)
        {
            if (brands[at..].StartsWith(brand))
            {
                return true;
            }
        }

        return false;
    }

    private static uint Code(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);
}
