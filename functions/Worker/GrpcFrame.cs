using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Functions.Worker;

/// <summary>One message on a gRPC stream: a compression flag, a big-endian length, a protobuf message.</summary>
public static class GrpcFrame
{
    public const int HeaderBytes = 5;

    /// <summary>Bytes; bodies travel over HTTP, so messages of the host are far smaller.</summary>
    public const int MaxMessageBytes = 16 * 1024 * 1024;

    public static void Write(IBufferWriter<byte> output, StreamingMessage message)
    {
        var header = output.GetSpan(HeaderBytes);
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], message.CalculateSize());
        output.Advance(HeaderBytes);
        message.WriteTo(output);
    }

    /// <summary>Null at the end of the stream, also when it ends inside a frame.</summary>
    /// <exception cref="HostProtocolException">Compressed, over the limit or not protobuf.</exception>
    public static async ValueTask<StreamingMessage?> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        if (await input.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken) < HeaderBytes)
        {
            return null;
        }

        if (header[0] != 0)
        {
            throw new HostProtocolException("The host sent a compressed message; none was offered.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        if (length > MaxMessageBytes)
        {
            throw new HostProtocolException($"The host sent a message of {length} bytes; the limit is {MaxMessageBytes}.");
        }

        var body = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var message = body.AsMemory(0, (int)length);
            return await input.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancellationToken) < message.Length
                ? null
                : StreamingMessage.Parser.ParseFrom(message.Span);
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new HostProtocolException("The host sent a message that cannot be parsed.", failure);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }
}
