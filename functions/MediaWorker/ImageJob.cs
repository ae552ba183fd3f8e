using OpenClaw.Media;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using Decoding = SixLabors.ImageSharp.Configuration;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>Makes one upright sRGB JPEG of an image. ImageSharp decodes JPEG, PNG, GIF and WebP; Magick.NET the HEIF family, inks, and what
/// ImageSharp gives up on.</summary>
internal sealed class ImageJob(ImageRequest request, byte[] image)
{
    private const int Quality = 85;

    private const int SmallestEdge = 256;

    private static readonly Decoding Decoders = new(
        new JpegConfigurationModule(), new PngConfigurationModule(), new GifConfigurationModule(), new WebpConfigurationModule());

    /// <returns>Null: the image is unreadable.</returns>
    /// <exception cref="MediaException"><c>file_too_large</c>.</exception>
    public byte[]? Run()
    {
        using var decoded = Decode();
        if (decoded is null)
        {
            return null;
        }

        for (var edge = request.MaxEdge; ; edge /= 2)
        {
            Scale(decoded, edge);
            var jpeg = Encode(decoded);
            if (jpeg.Length <= request.MaxBytes)
            {
                return jpeg;
            }

            if (edge / 2 < SmallestEdge)
            {
                throw new MediaException(
                    MediaException.TooLarge, $"The image stays larger than the {request.MaxBytes} bytes that can be sent to a model.");
            }
        }
    }

    /// <summary>A page of a PDF.</summary>
    public static byte[] EncodePage(PdfPicture page, int quality)
    {
        using var picture = Image.LoadPixelData<Rgba32>(page.Pixels, page.Width, page.Height);
        return Encode(picture, quality);
    }

    private Image<Rgb24>? Decode()
    {
        var isForMagick = request.Channels == 4 || ImageInfo.IsHeifType(request.MediaType);
        var decoded = isForMagick ? null : DecodeManaged();
        return decoded ?? MagickDecoder.Decode(image, request);
    }

    /// <returns>Null: it gives up.</returns>
    private Image<Rgb24>? DecodeManaged()
    {
        try
        {
            using var stream = new MemoryStream(image, writable: false);
            IImageDecoder decoder = request.MediaType switch
            {
                ImageInfo.Jpeg => new JpegDecoder(),
                ImageInfo.Png => new PngDecoder(),
                ImageInfo.Gif => new GifDecoder { DecodingMode = SixLabors.ImageSharp.Metadata.FrameDecodingMode.First },
                _ => new WebpDecoder(),
            };
            using var decoded = decoder.Decode<Rgba32>(Decoders, stream, CancellationToken.None);
            CheckSize(decoded.Width, decoded.Height, request.MaxPixels);
            Scale(decoded, request.MaxEdge);
            decoded.Mutate(static i => i.AutoOrient().BackgroundColor(Color.White));
            return ToRgb(decoded, decoded.Metadata.IccProfile?.ToByteArray());
        }
        catch (Exception failure) when (failure is not OutOfMemoryException and not InvalidMemoryOperationException and not MediaException)
        {
            // Mended files end in exceptions of every kind.
            return null;
        }
    }

    /// <exception cref="MediaException"><c>file_too_large</c>: larger than its header said.</exception>
    public static void CheckSize(long width, long height, long maxPixels)
    {
        if (width * height > maxPixels)
        {
            throw new MediaException(MediaException.TooLarge, $"The image has more than {maxPixels} pixels.");
        }
    }

    private static void Scale(Image image, int edge)
    {
        if (Math.Max(image.Width, image.Height) > edge)
        {
            image.Mutate(i => i.Resize(
                new ResizeOptions { Mode = ResizeMode.Max, Size = new Size(edge, edge), Sampler = KnownResamplers.Box }));
        }
    }

    private static Image<Rgb24> ToRgb(Image<Rgba32> image, byte[]? profile)
    {
        var rgb = image.CloneAs<Rgb24>();
        if (profile is null)
        {
            return rgb;
        }

        var pixels = new byte[rgb.Width * rgb.Height * 3];
        rgb.CopyPixelDataTo(pixels);
        if (!MagickDecoder.TryApplyProfile(pixels, rgb.Width, rgb.Height, profile))
        {
            return rgb;
        }

        rgb.Dispose();
        return Image.LoadPixelData<Rgb24>(pixels, image.Width, image.Height);
    }

    private static byte[] Encode(Image image, int quality = Quality)
    {
        (image.Metadata.ExifProfile, image.Metadata.XmpProfile, image.Metadata.IptcProfile, image.Metadata.IccProfile) = (
            null, null, null, null);
        using var jpeg = new MemoryStream();
        image.Save(jpeg, new JpegEncoder { Quality = quality, ColorType = JpegColorType.YCbCrRatio420 });
        return jpeg.ToArray();
    }
}
