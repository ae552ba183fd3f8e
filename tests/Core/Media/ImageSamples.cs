using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Images that tests make themselves. Where they have colours, the quarters are red, green, blue and yellow, row by row.</summary>
public static class ImageSamples
{
    /// <summary>Quarters of an upright picture.</summary>
    public const string Quarters = "RG/BY";

    private static readonly byte[] PngSignature = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n'];

    /// <summary>A PNG that is read at once.</summary>
    public static byte[] Small { get; } = Png(32, 16);

    /// <summary>A PNG in quarters.</summary>
    /// <param name="bits">8 or 16 for each channel.</param>
    /// <param name="isLowerHalfClear">With an alpha channel, zero in the lower half.</param>
    public static byte[] Png(int width, int height, int bits = 8, bool isLowerHalfClear = false)
    {
        using var rows = new MemoryStream();
        for (var y = 0; y < height; y++)
        {
            rows.WriteByte(0);
            for (var x = 0; x < width; x++)
            {
                var (right, lower) = (x >= width / 2, y >= height / 2);
                Span<bool> channels = [right == lower, right, lower && !right];
                foreach (var isLit in channels)
                {
                    Write(rows, isLit, bits);
                }

                if (isLowerHalfClear)
                {
                    Write(rows, !lower, bits);
                }
            }
        }

        return Png(width, height, rows.ToArray(), bits, isLowerHalfClear ? (byte)6 : (byte)2);
    }

    /// <summary>A PNG of one grey and one alpha.</summary>
    public static byte[] GreyPng(int width, int height, byte grey, byte alpha)
    {
        byte[] row = [0, .. Enumerable.Repeat<byte[]>([grey, alpha], width).SelectMany(static p => p)];
        return Png(width, height, [.. Enumerable.Repeat(row, height).SelectMany(static r => r)], 8, 4);
    }

    /// <summary>A PNG whose header promises more than there is.</summary>
    public static byte[] PngOfSize(int width, int height) => Png(width, height, [0, 1, 2, 3], 8, 2);

    /// <summary>A PNG of noise: as large as its pixels.</summary>
    public static byte[] NoisePng(int width, int height)
    {
        var rows = new byte[((width * 3) + 1) * height];
        new Random(7).NextBytes(rows);
        for (var y = 0; y < height; y++)
        {
            rows[y * ((width * 3) + 1)] = 0;
        }

        return Png(width, height, rows, 8, 2);
    }

    public static byte[] AnimatedPng()
    {
        var still = Png(8, 8);
        return [.. still[..33], .. Chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0]), .. still[33..]];
    }

    /// <summary>The headers of a JPEG, without its picture.</summary>
    public static byte[] JpegOfSize(int width, int height) =>
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC2, 0, 17, 8, .. UInt16(height), .. UInt16(
            width), 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xDA];

    /// <summary>Puts an EXIF segment with an orientation first.</summary>
    public static byte[] Orient(byte[] jpeg, int orientation, bool isBigEndian = true)
    {
        byte[] tiff = isBigEndian
            ? [.. "MM\0*"u8, 0, 0, 0, 8, 0, 2, 1, 0, 0, 3, 0, 0, 0, 1, 0, 9, 0, 0, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (
                byte)orientation, 0, 0, 0, 0, 0, 0]
            : [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0, 1, 3, 0, 1, 0, 0, 0, 9, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (
                byte)orientation, 0, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, .. UInt16(tiff.Length + 8), .. "Exif\0\0"u8, .. tiff, .. jpeg[2..]];
    }

    /// <summary>A GIF whose pictures are as large as its screen.</summary>
    public static byte[] Gif(int width, int height, int pictures = 1)
    {
        byte[] size = [.. BitConverter.GetBytes((ushort)width), .. BitConverter.GetBytes((ushort)height)];
        byte[] picture = [0x21, 0xF9, 4, 0, 5, 0, 0, 0, 0x2C, 0, 0, 0, 0, .. size, 0, 2, 2, 0x44, 0x01, 0];
        return [.. "GIF89a"u8, .. size, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, .. Enumerable.Repeat(picture, pictures).SelectMany(
            p => p), 0x3B];
    }

    /// <summary>The header of an extended WebP.</summary>
    public static byte[] WebPOfSize(int width, int height, bool isAnimated = false) =>
        [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, (byte)(isAnimated ? 2 : 0), 0, 0, 0,
            .. BitConverter.GetBytes(width - 1)[..3], .. BitConverter.GetBytes(height - 1)[..3]];

    /// <summary>The first 30 bytes of a lossy or lossless WebP.</summary>
    public static byte[] SimpleWebPOfSize(int width, int height, bool isLossless) => isLossless
        ? [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8L"u8, 10, 0, 0, 0, 0x2F, .. BitConverter.GetBytes(
            (width - 1) | ((height - 1) << 14)), 0, 0, 0, 0, 0]
        : [.. "RIFF"u8, 22, 0, 0, 0, .. "WEBPVP8 "u8, 10, 0, 0, 0, 0, 0, 0, 0x9D, 0x01, 0x2A, .. BitConverter.GetBytes(
            (ushort)width), .. BitConverter.GetBytes((ushort)height)];

    /// <summary>The quarters of a JPEG as letters: <see cref="Quarters"/> when it is upright. W is white, ? no colour of the
    /// samples.</summary>
    public static string ReadQuarters(byte[] jpeg)
    {
        var picture = JpegBlocks.Read(jpeg);
        return string.Create(CultureInfo.InvariantCulture, $"{Name(0.25, 0.25)}{Name(0.75, 0.25)}/{Name(0.25, 0.75)}{Name(0.75, 0.75)}");

        char Name(double x, double y) => picture.At(x, y) switch
        {
            ( > 225, < 30, < 30) => 'R',
            ( < 30, > 225, < 30) => 'G',
            ( < 30, < 30, > 225) => 'B',
            ( > 225, > 225, < 30) => 'Y',
            ( > 240, > 240, > 240) => 'W',
            _ => '?',
        };
    }

    private static byte[] Png(int width, int height, byte[] rows, int bits, byte colourType)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        byte[] header = [.. UInt32(width), .. UInt32(height), (byte)bits, colourType, 0, 0, 0];
        return [.. PngSignature, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. content];
        return [.. UInt32(content.Length), .. named, .. UInt32((int)Checksum(named))];
    }

    private static uint Checksum(byte[] bytes) => ~bytes.Aggregate(uint.MaxValue, (sum, b) =>
    {
        sum ^= b;
        for (var bit = 0; bit < 8; bit++)
        {
            sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
        }

        return sum;
    });

    private static void Write(MemoryStream rows, bool isLit, int bits)
    {
        for (var i = 0; i < bits; i += 8)
        {
            rows.WriteByte(isLit ? byte.MaxValue : (byte)0);
        }
    }

    private static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] UInt32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
