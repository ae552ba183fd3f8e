using System.Runtime.InteropServices;
using OpenClaw.Media;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>libheif: HEIC, HEIF and AVIF, turned, mirrored and cropped as the file says. Source: libheif/heif.h, 1.12 and later.</summary>
internal static unsafe partial class Heif
{
    private const int MaxEdge = 16_384;

    private const int ColorspaceRgb = 1;

    private const int ChromaInterleavedRgb = 10;

    private const int ChromaInterleavedRgba = 11;

    private const int ChannelInterleaved = 10;

    public static Raster Decode(NativeBytes bytes, long maxPixels)
    {
        var context = Allocate();
        if (context == 0)
        {
            throw new ImageRefusedException(MediaWorkerExit.OutOfMemory);
        }

        nint handle = 0, image = 0;
        try
        {
            SetMaximumEdge(context, MaxEdge);
            Check(Read(context, bytes.Pointer, (nuint)bytes.Length, 0));
            Check(GetPrimary(context, out handle));
            ImageRefusedException.ThrowIfTooLarge(GetWidth(handle), GetHeight(handle), maxPixels);
            var hasAlpha = HasAlpha(handle) != 0;
            Check(Decode(handle, out image, ColorspaceRgb, hasAlpha ? ChromaInterleavedRgba : ChromaInterleavedRgb, 0));
            return Copy(image, hasAlpha, hasAlpha && IsPremultiplied(handle) != 0, maxPixels);
        }
        finally
        {
            ReleaseImage(image);
            ReleaseHandle(handle);
            Free(context);
        }
    }

    private static Raster Copy(nint image, bool hasAlpha, bool isPremultiplied, long maxPixels)
    {
        int width = GetWidth(image, ChannelInterleaved), height = GetHeight(image, ChannelInterleaved);
        ImageRefusedException.ThrowIfTooLarge(width, height, maxPixels);
        var plane = GetPlane(image, ChannelInterleaved, out var stride);
        if (plane is null || stride < width * (hasAlpha ? 4 : Raster.BytesPerPixel))
        {
            throw new ImageRefusedException(MediaWorkerExit.Unreadable);
        }

        var raster = new Raster(width, height);
        for (var y = 0; y < height; y++, plane += stride)
        {
            if (hasAlpha)
            {
                raster.FlattenRow(y, new ReadOnlySpan<byte>(plane, width * 4), isPremultiplied);
            }
            else
            {
                new ReadOnlySpan<byte>(plane, raster.Stride).CopyTo(raster.Row(y));
            }
        }

        return raster;
    }

    private static void Check(Error error)
    {
        if (error.Code != 0)
        {
            throw new ImageRefusedException(error.Code == Error.NoMemory || error.Detail == Error.SecurityLimit
                ? MediaWorkerExit.OutOfMemory
                : MediaWorkerExit.Unreadable);
        }
    }

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_alloc")]
    private static partial nint Allocate();

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_free")]
    private static partial void Free(nint context);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_set_maximum_image_size_limit")]
    private static partial void SetMaximumEdge(nint context, int edge);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_read_from_memory_without_copy")]
    private static partial Error Read(nint context, byte* memory, nuint size, nint options);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_context_get_primary_image_handle")]
    private static partial Error GetPrimary(nint context, out nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_release")]
    private static partial void ReleaseHandle(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_get_width")]
    private static partial int GetWidth(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_get_height")]
    private static partial int GetHeight(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_has_alpha_channel")]
    private static partial int HasAlpha(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_handle_is_premultiplied_alpha")]
    private static partial int IsPremultiplied(nint handle);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_decode_image")]
    private static partial Error Decode(nint handle, out nint image, int colorspace, int chroma, nint options);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_release")]
    private static partial void ReleaseImage(nint image);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_get_width")]
    private static partial int GetWidth(nint image, int channel);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_get_height")]
    private static partial int GetHeight(nint image, int channel);

    [LibraryImport(NativeLibraries.Heif, EntryPoint = "heif_image_get_plane_readonly")]
    private static partial byte* GetPlane(nint image, int channel, out int stride);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Error
    {
        public const int NoMemory = 6;

        public const int SecurityLimit = 1000;

        public readonly int Code;

        public readonly int Detail;

        public readonly nint Message;
    }
}
