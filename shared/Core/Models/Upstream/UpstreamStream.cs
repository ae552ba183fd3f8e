using OpenClaw.Errors;
using OpenClaw.Text;

namespace OpenClaw.Models.Upstream;

/// <summary>A response body whose reads have a deadline and whose failures are <see cref="GatewayException"/>s.</summary>
internal sealed class UpstreamStream(Stream body, Deadline deadline, CancellationToken caller) : ReadStream
{
    private ReadOnlyMemory<byte> _ahead;

    /// <summary>Gives back bytes that were read; the next read takes them first.</summary>
    public void Unread(ReadOnlyMemory<byte> bytes) => _ahead = bytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_ahead.IsEmpty)
        {
            var taken = Math.Min(buffer.Length, _ahead.Length);
            _ahead[..taken].CopyTo(buffer);
            _ahead = _ahead[taken..];
            return taken;
        }

        try
        {
            var read = body.ReadAsync(buffer, deadline.Token);
            if (read.IsCompletedSuccessfully)
            {
                return read.Result;
            }

            deadline.Arm();
            var count = await read;
            deadline.Disarm();
            return count;
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or HttpRequestException or ObjectDisposedException)
        {
            caller.ThrowIfCancellationRequested();
            throw new GatewayException(GatewayError.UpstreamInterrupted(), exception);
        }
        catch (Exception exception) when (ContentCoding.IsMalformed(exception))
        {
            throw new GatewayException(GatewayError.UpstreamProtocol(), exception);
        }
    }
}
