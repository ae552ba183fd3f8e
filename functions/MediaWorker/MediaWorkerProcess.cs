using OpenClaw.Media;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>The process that decodes one image of a stranger's: started by <see cref="ImageConverter"/>, limited before it reads, ended by
/// whatever goes wrong. Only here are native decoders loaded.</summary>
public static class MediaWorkerProcess
{
    /// <returns>One of <see cref="MediaWorkerExit"/>.</returns>
    public static int Run()
    {
        try
        {
            ProcessLimits.Apply();
            NativeLibraries.Use(Environment.GetEnvironmentVariable(MediaWorkerOptions.LibrariesVariable));
            using var input = Console.OpenStandardInput();
            using var output = Console.OpenStandardOutput();
            return Convert(input, output);
        }
        catch (ImageRefusedException refusal)
        {
            return refusal.ExitCode;
        }
        catch (Exception failure) when (failure is OutOfMemoryException or OverflowException)
        {
            return MediaWorkerExit.OutOfMemory;
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return MediaWorkerExit.LibrariesMissing;
        }
    }

    private static int Convert(Stream input, Stream output)
    {
        Span<byte> header = stackalloc byte[MediaWorkerRequest.Length];
        if (input.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || MediaWorkerRequest.Read(header) is not { } request)
        {
            return MediaWorkerExit.BadRequest;
        }

        using var image = new NativeBytes(request.ImageLength);
        if (input.ReadAtLeast(image.Span, image.Length, throwOnEndOfStream: false) < image.Length || ImageHeader.Read(image.Span) is not { } info)
        {
            return MediaWorkerExit.BadRequest;
        }

        using var decoded = Decode(image, info, request);
        using var scaled = decoded.ScaleTo(request.MaxEdge);
        using var upright = scaled.Turn(info.Orientation);
        TurboJpeg.Encode(upright, request.Quality, output);
        return MediaWorkerExit.Ok;
    }

    private static Raster Decode(NativeBytes image, ImageInfo info, MediaWorkerRequest request) => info.MediaType switch
    {
        _ when info.Pixels > request.MaxPixels => throw new ImageRefusedException(MediaWorkerExit.TooLarge),
        ImageInfo.Jpeg => TurboJpeg.Decode(image, request.MaxEdge, request.MaxPixels),
        ImageInfo.Png => Png.Decode(image, request.MaxPixels),
        ImageInfo.WebP => WebP.Decode(image, request.MaxPixels),
        _ when info.IsHeif => Heif.Decode(image, request.MaxPixels),
        _ => throw new ImageRefusedException(MediaWorkerExit.Unreadable),
    };
}
