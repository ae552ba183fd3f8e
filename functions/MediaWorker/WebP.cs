using System.Runtime.InteropServices;
using OpenClaw.Media;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>libwebp, for images that do not move. Source: webp/decode.h.</summary>
internal static unsafe partial class WebP
{
    public static Raster Decode(NativeBytes bytes, long maxPixels)
    {
        if (ReadHeader(bytes.Pointer, (nuint)bytes.Length, out var width, out var height) == 0)
        {
            throw new ImageRefusedException(MediaWorkerExit.Unreadable);
        }

        ImageRefusedException.ThrowIfTooLarge(width, height, maxPixels);
        using var pixels = new NativeBytes(checked(width * height * 4));
        if (DecodeInto(bytes.Pointer, (nuint)bytes.Length, pixels.Pointer, (nuint)pixels.Length, width * 4) is null)
        {
            throw new ImageRefusedException(MediaWorkerExit.Unreadable);
        }

        var raster = new Raster(width, height);
        for (var y = 0; y < height; y++)
        {
            raster.FlattenRow(y, pixels.Span.Slice(y * width * 4, width * 4), isPremultiplied: false);
        }

        return raster;
    }

    [LibraryImport(NativeLibraries.WebP, EntryPoint = "WebPGetInfo")]
    private static partial int ReadHeader(byte* webp, nuint length, out int width, out int height);

    [LibraryImport(NativeLibraries.WebP, EntryPoint = "WebPDecodeRGBAInto")]
    private static partial byte* DecodeInto(byte* webp, nuint length, byte* pixels, nuint size, int stride);
}
