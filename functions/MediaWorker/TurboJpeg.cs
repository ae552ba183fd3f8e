using System.Runtime.InteropServices;
using OpenClaw.Media;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>libjpeg-turbo. Source: turbojpeg.h, the functions that 2.x and 3.x share.</summary>
internal static unsafe partial class TurboJpeg
{
    private const int PixelRgb = 0;

    private const int PixelCmyk = 11;

    private const int FirstCmykColorspace = 3;

    private const int Subsampling420 = 2;

    private const int LimitScans = 32_768;

    private const int Warning = 0;

    /// <summary>Decodes at the smallest eighth of the size that is not smaller than <paramref name="maxEdge"/>.</summary>
    public static Raster Decode(NativeBytes bytes, int maxEdge, long maxPixels)
    {
        var decoder = CreateDecoder();
        if (decoder == 0)
        {
            throw new ImageRefusedException(MediaWorkerExit.OutOfMemory);
        }

        try
        {
            if (ReadHeader(decoder, bytes.Pointer, (nuint)bytes.Length, out var width, out var height, out _, out var colorspace) != 0
                && GetErrorCode(decoder) != Warning)
            {
                throw new ImageRefusedException(MediaWorkerExit.Unreadable);
            }

            ImageRefusedException.ThrowIfTooLarge(width, height, maxPixels);
            var eighths = FindEighths(Math.Max(width, height), maxEdge);
            var raster = new Raster(Scale(width, eighths), Scale(height, eighths));
            if (colorspace >= FirstCmykColorspace)
            {
                DecodeCmyk(decoder, bytes, raster);
            }
            else
            {
                Decode(decoder, bytes, raster.Pixels, raster, PixelRgb);
            }

            return raster;
        }
        finally
        {
            Destroy(decoder);
        }
    }

    public static void Encode(Raster raster, int quality, Stream output)
    {
        var encoder = CreateEncoder();
        if (encoder == 0)
        {
            throw new ImageRefusedException(MediaWorkerExit.OutOfMemory);
        }

        byte* jpeg = null;
        try
        {
            if (Compress(encoder, raster.Pixels, raster.Width, raster.Stride, raster.Height, PixelRgb, ref jpeg, out var length, Subsampling420, quality, 0) != 0)
            {
                throw new ImageRefusedException(MediaWorkerExit.OutOfMemory);
            }

            output.Write(new ReadOnlySpan<byte>(jpeg, checked((int)length)));
        }
        finally
        {
            Free(jpeg);
            Destroy(encoder);
        }
    }

    private static void Decode(nint decoder, NativeBytes bytes, byte* pixels, Raster size, int format)
    {
        if (Decompress(decoder, bytes.Pointer, (nuint)bytes.Length, pixels, size.Width, 0, size.Height, format, LimitScans) != 0
            && (GetErrorCode(decoder) != Warning || IsTruncated(Marshal.PtrToStringUTF8(GetErrorText(decoder)))))
        {
            throw new ImageRefusedException(MediaWorkerExit.Unreadable);
        }
    }

    /// <summary>Viewers forgive stray bytes, but half a picture is not what its sender meant.</summary>
    private static bool IsTruncated(string? warning) => warning?.Contains("Premature", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Such files hold inverted ink, as Adobe's programs write it.</summary>
    private static void DecodeCmyk(nint decoder, NativeBytes bytes, Raster raster)
    {
        using var ink = new NativeBytes(checked(raster.Width * raster.Height * 4));
        Decode(decoder, bytes, ink.Pointer, raster, PixelCmyk);
        for (var y = 0; y < raster.Height; y++)
        {
            var from = new ReadOnlySpan<byte>(ink.Pointer + ((long)y * raster.Width * 4), raster.Width * 4);
            var row = raster.Row(y);
            for (var at = 0; at < row.Length; at++)
            {
                var pixel = at / Raster.BytesPerPixel * 4;
                row[at] = (byte)(from[pixel + (at % Raster.BytesPerPixel)] * from[pixel + 3] / 255);
            }
        }
    }

    private static int FindEighths(int edge, int maxEdge)
    {
        var eighths = 1;
        while (eighths < 8 && Scale(edge, eighths) < maxEdge)
        {
            eighths++;
        }

        return eighths;
    }

    private static int Scale(int edge, int eighths) => (int)((((long)edge * eighths) + 7) / 8);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjInitDecompress")]
    private static partial nint CreateDecoder();

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjInitCompress")]
    private static partial nint CreateEncoder();

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDestroy")]
    private static partial void Destroy(nint handle);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDecompressHeader3")]
    private static partial int ReadHeader(
        nint decoder, byte* jpeg, nuint length, out int width, out int height, out int subsampling, out int colorspace);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDecompress2")]
    private static partial int Decompress(nint decoder, byte* jpeg, nuint length, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjCompress2")]
    private static partial int Compress(
        nint encoder, byte* pixels, int width, int pitch, int height, int format, ref byte* jpeg, out nuint length, int subsampling, int quality, int flags);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjGetErrorCode")]
    private static partial int GetErrorCode(nint handle);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetErrorText(nint handle);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjFree")]
    private static partial void Free(byte* buffer);
}
