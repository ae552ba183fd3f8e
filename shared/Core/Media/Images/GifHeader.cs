using System.Buffers.Binary;

namespace OpenClaw.Media.Images;

/// <summary>A GIF's screen, and whether it has a second picture.</summary>
internal static class GifHeader
{
    /// <summary>The size is that of the screen or of the first picture, whichever reaches further: some decoders grow the screen.</summary>
    public static ImageInfo? Read(ReadOnlySpan<byte> image)
    {
        if (image.Length < GifBlocks.ScreenLength)
        {
            return null;
        }

        int width = BinaryPrimitives.ReadUInt16LittleEndian(image[6..]), height = BinaryPrimitives.ReadUInt16LittleEndian(
            image[8..]), pictures = 0;
        var blocks = new GifBlocks(image);
        while (pictures < 2 && blocks.MoveNext())
        {
            if (blocks.IsPicture)
            {
                var picture = image[blocks.Start..];
                pictures++;
                width = Math.Max(width, BinaryPrimitives.ReadUInt16LittleEndian(picture[1..]) + BinaryPrimitives.ReadUInt16LittleEndian(
                    picture[5..]));
                height = Math.Max(height, BinaryPrimitives.ReadUInt16LittleEndian(picture[3..]) + BinaryPrimitives.ReadUInt16LittleEndian(
                    picture[7..]));
            }
        }

        var size = ImageHeader.Create(ImageInfo.Gif, width, height);
        return size is null ? null : size with { IsAnimated = pictures > 1 };
    }
}
