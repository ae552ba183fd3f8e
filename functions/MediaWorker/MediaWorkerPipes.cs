using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using OpenClaw.Media.Worker;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>The worker's end of the two pipes. See <see cref="MediaFrames"/>.</summary>
internal sealed class MediaWorkerPipes(Stream input, Stream output)
{
    private readonly BlockingCollection<(MediaFrame Kind, byte[] Content)> _received = [];

    /// <summary>Waits for the gateway's next message and keeps it for <see cref="Take"/>.</summary>
    /// <returns>False when the gateway has ended, or the process was not started by one.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryReceive()
    {
        try
        {
            if (MediaFrames.ReadAsync(
                input, MediaWorkerRequest.MaxFileLength, CancellationToken.None).GetAwaiter().GetResult() is not { } frame)
            {
                return false;
            }

            _received.Add(frame);
            return true;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            return false;
        }
    }

    public byte[] Take(MediaFrame kind) =>
        _received.Take() is var frame && frame.Kind == kind ? frame.Content
        : throw new InvalidDataException("The gateway sends something else.");

    public void Start() => Write(MediaFrame.Started, []);

    /// <summary>The text of the next page.</summary>
    public void Write(string text) => Write(MediaFrame.Text, Encoding.UTF8.GetBytes(text));

    public void Write(byte[] picture) => Write(MediaFrame.Picture, picture);

    public void End(MediaWorkerReport report) =>
        Write(MediaFrame.End, JsonSerializer.SerializeToUtf8Bytes(report, MediaWorkerJson.Default.MediaWorkerReport));

    private void Write(MediaFrame kind, byte[] content) =>
        MediaFrames.WriteAsync(output, kind, content, CancellationToken.None).GetAwaiter().GetResult();
}
