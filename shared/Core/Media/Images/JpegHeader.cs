using System.Buffers.Binary;

namespace OpenClaw.Media.Images;

/// <summary>A JPEG's frame header and its EXIF orientation.</summary>
internal static class JpegHeader
{
    private const byte Exif = 0xE1;

    private const int OrientationTag = 0x0112;

    public static ImageInfo? Read(ReadOnlySpan<byte> image)
    {
        var orientation = 1;
        var segments = new JpegSegments(image);
        while (segments.MoveNext() && segments.Marker is not (JpegSegments.StartOfScan or JpegSegments.EndOfImage))
        {
            var content = segments.Content;
            if (IsFrame(segments.Marker) && content.Length >= 6)
            {
                var size = ImageHeader.Create(
                    ImageInfo.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(content[3..]), BinaryPrimitives.ReadUInt16BigEndian(content[1..]));
                return size is null ? null : size with { Orientation = orientation, Channels = content[5] };
            }

            if (segments.Marker == Exif && orientation == 1 && content.StartsWith("Exif\0\0"u8))
            {
                orientation = ReadOrientation(content[6..]);
            }
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
