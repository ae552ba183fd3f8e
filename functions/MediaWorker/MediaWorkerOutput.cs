using System.Text;
using System.Text.Json;
using OpenClaw.Media.Worker;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>The worker's end of the two pipes. See <see cref="MediaFrames"/>.</summary>
internal sealed class MediaWorkerOutput(Stream input, Stream output)
{
    /// <returns>Null: the gateway sends nothing more.</returns>
    public byte[]? Read(MediaFrame kind) =>
        MediaFrames.ReadAsync(input, MediaWorkerRequest.MaxFileLength, CancellationToken.None).GetAwaiter().GetResult() is { } frame
            ? frame.Kind == kind ? frame.Content : throw new InvalidDataException("The gateway sends something else.")
            : null;

    public void Start() => Write(MediaFrame.Started, []);

    /// <summary>The text of the next page.</summary>
    public void Write(string text) => Write(MediaFrame.Text, Encoding.UTF8.GetBytes(text));

    public void Write(byte[] picture) => Write(MediaFrame.Picture, picture);

    public void End(MediaWorkerReport report) => Write(MediaFrame.End, JsonSerializer.SerializeToUtf8Bytes(report, MediaWorkerJson.Default.MediaWorkerReport));

    private void Write(MediaFrame kind, byte[] content) =>
        MediaFrames.WriteAsync(output, kind, content, CancellationToken.None).GetAwaiter().GetResult();
}
