using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Wire;

/// <summary>Reads bodies so that a read can be given up: the server's own reader, when a token ends its read, can no longer tell what is
/// left and writes that as an error with a stack.</summary>
public static class BodyReading
{
    /// <summary>One read. The caller advances the reader.</summary>
    /// <param name="reader">Of the body, or of what a stream over it decodes.</param>
    /// <exception cref="OperationCanceledException">The reader is advanced by nothing.</exception>
    /// <exception cref="BadHttpRequestException">The body is framed wrongly.</exception>
    public static async ValueTask<ReadResult> ReadBodyAsync(this PipeReader reader, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(static state => ((PipeReader)state!).CancelPendingRead(), reader);
        ReadResult read;
        try
        {
            read = await reader.ReadAsync(CancellationToken.None);
        }
        catch (IOException failure) when (failure.InnerException is OverflowException or FormatException)
        {
            // a chunk's size that overflows has no status of its own
            throw new BadHttpRequestException("The body is malformed.", StatusCodes.Status400BadRequest, failure);
        }

        if (read.IsCanceled)
        {
            reader.AdvanceTo(read.Buffer.Start);
            cancellationToken.ThrowIfCancellationRequested();
            throw new OperationCanceledException();
        }

        return read;
    }

    /// <summary>The whole body as a stream that is read once.</summary>
    public static Stream BodyStream(this HttpRequest request) => new Body(request.BodyReader);

    private sealed class Body(PipeReader reader) : ReadStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                var read = await reader.ReadBodyAsync(cancellationToken);
                var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
                var count = (int)part.Length; // before the reader takes the memory back
                System.Buffers.BuffersExtensions.CopyTo(part, buffer.Span);
                reader.AdvanceTo(part.End);
                if (count > 0 || read.IsCompleted || buffer.IsEmpty)
                {
                    return count; // a read without bytes is not the end
                }
            }
        }
    }
}
