using System.Buffers.Binary;
using ImageMagick;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;
using SixLabors.ImageSharp.PixelFormats;
using Image = SixLabors.ImageSharp.Image;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>ImageMagick, held to one decoder at a time and to memory.</summary>
internal static class MagickDecoder
{
    private const ulong MaxMemory = 700UL * 1024 * 1024;

    private const ulong MaxEdge = 65_500;

    /// <summary>Bytes of an ICC profile's header with the number of tags at its end, and of one tag.</summary>
    private const int ProfileHead = 132, ProfileTag = 12;

    /// <summary>Sets the limits of this process; fails where there is no native library for this system.</summary>
    /// <exception cref="TypeInitializationException">There is none.</exception>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static void Limit()
    {
        ResourceLimits.Memory = MaxMemory;
        ResourceLimits.Area = MaxMemory / 4;
        ResourceLimits.Disk = 0;
        ResourceLimits.Width = MaxEdge;
        ResourceLimits.Height = MaxEdge;
        ResourceLimits.Thread = 1;
    }

    /// <summary>Upright, scaled, on white, in sRGB.</summary>
    /// <returns>Null: unreadable.</returns>
    public static SixLabors.ImageSharp.Image<Rgb24>? Decode(byte[] image, ImageRequest request)
    {
        Limit();
        try
        {
            var settings = new MagickReadSettings { Format = FormatOf(request.MediaType), FrameIndex = 0, FrameCount = 1 };
            using var decoded = new MagickImage(image, settings);
            ImageJob.CheckSize(decoded.Width, decoded.Height, request.MaxPixels);
            if (!ImageInfo.IsHeifType(request.MediaType))
            {
                decoded.AutoOrient();
            }

            if (decoded.GetColorProfile() is { } profile && IsSound(profile.ToByteArray()))
            {
                decoded.TransformColorSpace(ColorProfiles.SRGB, ColorTransformMode.HighRes);
            }

            decoded.ColorSpace = ColorSpace.sRGB;
            if (Math.Max(decoded.Width, decoded.Height) > request.MaxEdge)
            {
                decoded.FilterType = FilterType.Box;
                decoded.Resize((uint)request.MaxEdge, (uint)request.MaxEdge);
            }

            decoded.BackgroundColor = MagickColors.White;
            decoded.Alpha(AlphaAction.Remove);
            using var pixels = decoded.GetPixelsUnsafe();
            return Image.LoadPixelData<Rgb24>(pixels.ToByteArray(PixelMapping.RGB)!, (int)decoded.Width, (int)decoded.Height);
        }
        catch (MagickResourceLimitErrorException)
        {
            throw new InsufficientMemoryException();
        }
        catch (MagickException)
        {
            return null;
        }
    }

    /// <summary>Makes sRGB of pixels that mean what <paramref name="profile"/> says.</summary>
    /// <param name="pixels">Red, green and blue of each; changed in place.</param>
    /// <returns>False: the profile is broken, or not for such pixels; they are left as they were.</returns>
    public static bool TryApplyProfile(byte[] pixels, int width, int height, byte[] profile)
    {
        if (!IsSound(profile))
        {
            return false;
        }

        try
        {
            var source = new ColorProfile(profile);
            if (source.ColorSpace != ColorSpace.sRGB)
            {
                return false;
            }

            using var picture = new MagickImage();
            picture.ReadPixels(pixels, new PixelReadSettings((uint)width, (uint)height, StorageType.Char, PixelMapping.RGB));
            if (!picture.TransformColorSpace(source, ColorProfiles.SRGB, ColorTransformMode.HighRes))
            {
                return false;
            }

            using var converted = picture.GetPixelsUnsafe();
            converted.ToByteArray(PixelMapping.RGB)!.CopyTo(pixels, 0);
            return true;
        }
        catch (Exception failure) when (
            failure is MagickException or ArgumentException or TypeInitializationException or DllNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Whether the table of tags is within the profile: Magick.NET reads as many tags as it claims to have, for minutes.</summary>
    private static bool IsSound(ReadOnlySpan<byte> profile) =>
        profile.Length >= ProfileHead
            && BinaryPrimitives.ReadUInt32BigEndian(profile[(ProfileHead - sizeof(uint))..]) <= (profile.Length - ProfileHead) / ProfileTag;

    private static MagickFormat FormatOf(string mediaType) => mediaType switch
    {
        ImageInfo.Avif => MagickFormat.Avif,
        ImageInfo.Heic or ImageInfo.Heif => MagickFormat.Heic,
        ImageInfo.Png => MagickFormat.Png,
        ImageInfo.Gif => MagickFormat.Gif,
        ImageInfo.WebP => MagickFormat.WebP,
        _ => MagickFormat.Jpeg,
    };
}
