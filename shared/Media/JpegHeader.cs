using System.Buffers.Binary;

namespace OpenClaw.Media;

/// <summary>A JPEG's frame header and its EXIF orientation.</summary>
internal static class JpegHeader
{
    private const byte StartOfScan = 0xDA;

    private const byte EndOfImage = 0xD9;

    private const byte Exif = 0xE1;

    private const int OrientationTag = 0x0112;

    public static ImageInfo? Read(ReadOnlySpan<byte> image)
    {
        var orientation = 1;
        var rest = image[2..];
        while (rest.Length >= 4 && rest[0] == 0xFF)
        {
            var marker = rest[1];
            if (marker == 0xFF)
            {
                rest = rest[1..];
                continue;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                rest = rest[2..];
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (marker is StartOfScan or EndOfImage or 0x00 || length < 2 || length > rest.Length - 2)
            {
                return null;
            }

            var segment = rest.Slice(4, length - 2);
            if (IsFrame(marker))
            {
                var size = segment.Length < 6 ? null : ImageHeader.Create(
                    ImageInfo.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]));
                return size is null ? null : size with { Orientation = orientation };
            }

            if (marker == Exif && orientation == 1 && segment.StartsWith("Exif\0\0"u8))
            {
                orientation = ReadOrientation(segment[6..]);
            }

            rest = rest[(length + 2)..];
        }

        return null;
    }

    /// <summary>Every start of frame; between them lie tables and reserved codes.</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>Of the first directory of a TIFF structure; 1 where it says nothing sensible.</summary>
    private static int ReadOrientation(ReadOnlySpan<byte> tiff)
    {
        bool isBig;
        if (tiff.StartsWith("MM\0*"u8))
        {
            isBig = true;
        }
        else if (tiff.StartsWith("II*\0"u8))
        {
            isBig = false;
        }
        else
        {
            return 1;
        }

        var at = tiff.Length < 8 ? 0 : ReadUInt32(tiff[4..], isBig);
        if (at < 8 || at + 2 > tiff.Length)
        {
            return 1;
        }

        var entries = tiff[(int)at..];
        var count = ReadUInt16(entries, isBig);
        for (entries = entries[2..]; count > 0 && entries.Length >= 12; count--, entries = entries[12..])
        {
            if (ReadUInt16(entries, isBig) == OrientationTag)
            {
                var value = ReadUInt16(entries[8..], isBig);
                return value is >= 1 and <= 8 ? value : 1;
            }
        }

        return 1;
    }

    private static int ReadUInt16(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static long ReadUInt32(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
