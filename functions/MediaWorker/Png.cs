using System.Runtime.InteropServices;
using OpenClaw.Media;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>libpng's simplified interface. Source: png.h, 1.6.</summary>
internal static unsafe partial class Png
{
    private const uint Version = 1;

    private const uint FormatRgb = 2;

    /// <summary>Sixteen bits without a stated gamma mean sRGB, as cameras and screens write them.</summary>
    private const uint SixteenBitsAreSrgb = 4;

    public static Raster Decode(NativeBytes bytes, long maxPixels)
    {
        var image = new Image { Version = Version };
        try
        {
            if (BeginRead(ref image, bytes.Pointer, (nuint)bytes.Length) == 0)
            {
                throw new ImageRefusedException(MediaWorkerExit.Unreadable);
            }

            ImageRefusedException.ThrowIfTooLarge(image.Width, image.Height, maxPixels);
            image.Format = FormatRgb;
            image.Flags |= SixteenBitsAreSrgb;
            var raster = new Raster((int)image.Width, (int)image.Height);
            var white = stackalloc byte[3] { 255, 255, 255 };
            if (FinishRead(ref image, white, raster.Pixels, raster.Stride, 0) == 0)
            {
                raster.Dispose();
                throw new ImageRefusedException(MediaWorkerExit.Unreadable);
            }

            return raster;
        }
        finally
        {
            Free(ref image);
        }
    }

    [LibraryImport(NativeLibraries.Png, EntryPoint = "png_image_begin_read_from_memory")]
    private static partial int BeginRead(ref Image image, byte* memory, nuint size);

    [LibraryImport(NativeLibraries.Png, EntryPoint = "png_image_finish_read")]
    private static partial int FinishRead(ref Image image, byte* background, byte* pixels, int rowStride, nint colormap);

    [LibraryImport(NativeLibraries.Png, EntryPoint = "png_image_free")]
    private static partial void Free(ref Image image);

    private struct Image
    {
        public nint Opaque;

        public uint Version;

        public uint Width;

        public uint Height;

        public uint Format;

        public uint Flags;

        public uint ColormapEntries;

        public uint WarningOrError;

        public fixed byte Message[64];
    }
}
