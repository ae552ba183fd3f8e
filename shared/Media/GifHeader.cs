using System.Buffers.Binary;

namespace OpenClaw.Media;

/// <summary>A GIF's screen, and whether it has a second picture.</summary>
internal static class GifHeader
{
    private const int ScreenLength = 13;

    private const byte Extension = 0x21;

    private const byte Picture = 0x2C;

    private const int PictureLength = 10;

    /// <summary>The size is that of the screen or of the first picture, whichever reaches further: some decoders grow the screen.</summary>
    public static ImageInfo? Read(ReadOnlySpan<byte> image)
    {
        if (image.Length < ScreenLength)
        {
            return null;
        }

        int width = BinaryPrimitives.ReadUInt16LittleEndian(image[6..]), height = BinaryPrimitives.ReadUInt16LittleEndian(image[8..]), pictures = 0;
        var rest = Skip(image, ScreenLength + ColorTableLength(image[10]));
        while (rest.Length > 1 && pictures < 2)
        {
            switch (rest[0])
            {
                case Extension:
                    rest = SkipBlocks(rest[2..]);
                    break;
                case Picture when rest.Length >= PictureLength:
                    pictures++;
                    width = Math.Max(width, BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]) + BinaryPrimitives.ReadUInt16LittleEndian(rest[5..]));
                    height = Math.Max(height, BinaryPrimitives.ReadUInt16LittleEndian(rest[3..]) + BinaryPrimitives.ReadUInt16LittleEndian(rest[7..]));
                    rest = SkipBlocks(Skip(rest, PictureLength + ColorTableLength(rest[9]) + 1));
                    break;
                default:
                    rest = [];
                    break;
            }
        }

        var size = ImageHeader.Create(ImageInfo.Gif, width, height);
        return size is null ? null : size with { IsAnimated = pictures > 1 };
    }

    private static int ColorTableLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static ReadOnlySpan<byte> SkipBlocks(ReadOnlySpan<byte> blocks)
    {
        while (!blocks.IsEmpty && blocks[0] > 0)
        {
            blocks = Skip(blocks, 1 + blocks[0]);
        }

        return Skip(blocks, 1);
    }

    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> bytes, int count) => bytes[Math.Min(count, bytes.Length)..];
}
