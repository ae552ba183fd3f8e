using System.Buffers.Binary;

namespace OpenClaw.Media.Worker;

/// <summary>Kinds of a worker's messages.</summary>
public enum MediaFrame : byte
{
    /// <summary>To the worker: a <see cref="MediaWorkerRequest"/>.</summary>
    Request = (byte)'q',

    /// <summary>To the worker: the file.</summary>
    File = (byte)'f',

    /// <summary>From the worker: it is ready and has set its limits; from here on the file's clock runs.</summary>
    Started = (byte)'s',

    /// <summary>From the worker: the text of one page, UTF-8.</summary>
    Text = (byte)'t',

    /// <summary>From the worker: a JPEG.</summary>
    Picture = (byte)'p',

    /// <summary>From the worker: a <see cref="MediaWorkerReport"/>; it waits for the next file.</summary>
    End = (byte)'e',
}

/// <summary>Messages between the gateway and a media worker: one byte of kind, four of length (little endian), the content.</summary>
public static class MediaFrames
{
    private const int HeaderLength = 5;

    public static async Task WriteAsync(Stream stream, MediaFrame kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        header[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), content.Length);
        await stream.WriteAsync(header, cancellationToken);
        await stream.WriteAsync(content, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">No frame, a cut one, or one longer than <paramref name="maxLength"/>.</exception>
    public static async Task<(MediaFrame Kind, byte[] Content)?> ReadAsync(
        Stream stream, int maxLength, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        var read = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1));
        if (read < header.Length || length < 0 || length > maxLength)
        {
            throw new InvalidDataException("No frame of a media worker.");
        }

        var content = new byte[length];
        return await stream.ReadAtLeastAsync(content, length, throwOnEndOfStream: false, cancellationToken) == length
            ? ((MediaFrame)header[0], content)
            : throw new InvalidDataException("A frame of a media worker ends early.");
    }
}
