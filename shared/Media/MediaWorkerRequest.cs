using System.Buffers.Binary;

namespace OpenClaw.Media;

/// <summary>What the media worker is asked for: this on its stdin, then the image, to be answered with a JPEG on its stdout.</summary>
/// <param name="MaxEdge">Pixels; what is larger is scaled down.</param>
/// <param name="MaxPixels">What has more is refused before it is decoded.</param>
/// <param name="ImageLength">Bytes.</param>
public readonly record struct MediaWorkerRequest(byte Quality, int MaxEdge, long MaxPixels, int ImageLength)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 24;

    public const int MaxImageLength = 64 * 1024 * 1024;

    private const byte Version = 1;

    private const byte ToJpeg = 1;

    public void Write(Span<byte> header)
    {
        header[..Length].Clear();
        header[0] = Version;
        header[1] = ToJpeg;
        header[2] = Quality;
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], MaxEdge);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], MaxPixels);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], ImageLength);
    }

    /// <returns>Null: not a request.</returns>
    public static MediaWorkerRequest? Read(ReadOnlySpan<byte> header)
    {
        if (header.Length < Length || header[0] != Version || header[1] != ToJpeg)
        {
            return null;
        }

        var request = new MediaWorkerRequest(
            header[2], BinaryPrimitives.ReadInt32LittleEndian(header[4..]), BinaryPrimitives.ReadInt64LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[16..]));
        return request is { Quality: >= 1 and <= 100, MaxEdge: > 0, MaxPixels: > 0, ImageLength: > 0 and <= MaxImageLength } ? request : null;
    }
}

/// <summary>The media worker's exit codes.</summary>
public static class MediaWorkerExit
{
    public const int Ok = 0;

    /// <summary>The request itself makes no sense.</summary>
    public const int BadRequest = 20;

    /// <summary>Broken, or of a kind that its library does not know.</summary>
    public const int Unreadable = 21;

    /// <summary>More pixels than asked for.</summary>
    public const int TooLarge = 22;

    public const int OutOfMemory = 23;

    /// <summary>A library is not where it was said to be.</summary>
    public const int LibrariesMissing = 24;
}
