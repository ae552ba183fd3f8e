using OpenClaw.Media;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>The image ends here.</summary>
/// <param name="exitCode">One of <see cref="MediaWorkerExit"/>.</param>
internal sealed class ImageRefusedException(int exitCode) : Exception
{
    public int ExitCode => exitCode;

    /// <summary>Throws when an image that says it has so many pixels has too many.</summary>
    public static void ThrowIfTooLarge(long width, long height, long maxPixels)
    {
        if (width <= 0 || height <= 0)
        {
            throw new ImageRefusedException(MediaWorkerExit.Unreadable);
        }

        if (width * height > maxPixels)
        {
            throw new ImageRefusedException(MediaWorkerExit.TooLarge);
        }
    }
}
