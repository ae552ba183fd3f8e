using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Functions.Worker;

/// <summary>The one stream between this process and the Functions host: gRPC over cleartext HTTP/2. Messages leave in the
/// order they were sent; the first is always the start of the stream.</summary>
public sealed class HostConnection : IAsyncDisposable
{
    private const string Method = "AzureFunctionsRpcMessages.FunctionRpc/EventStream";
    private const int QueueLength = 4096;

    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateBounded<StreamingMessage>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly FrameContent _content;

    public HostConnection(WorkerArguments arguments)
    {
        _content = new FrameContent(_outgoing.Reader);
        Send(new StreamingMessage
        {
            RequestId = arguments.RequestId,
            StartStream = new StartStream { WorkerId = arguments.WorkerId },
        });
    }

    /// <summary>Queues a message that must arrive; it waits its turn when the host is slow, the caller does not.</summary>
    public void Send(StreamingMessage message)
    {
        if (!_outgoing.Writer.TryWrite(message))
        {
            _ = SendLaterAsync(message);
        }
    }

    /// <summary>Queues a message that may be lost: false when the host does not keep up.</summary>
    public bool TrySend(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Connects and reads until the host ends the stream.</summary>
    /// <exception cref="HostProtocolException">The peer does not speak the protocol.</exception>
    /// <exception cref="HttpRequestException">The host cannot be reached.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async IAsyncEnumerable<StreamingMessage> OpenAsync(Uri host, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host, Method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _content,
        };
        request.Headers.TE.ParseAdd("trailers");
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HostProtocolException($"The host answered the stream with status {(int)response.StatusCode}.");
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (await GrpcFrame.ReadAsync(body, cancellationToken) is { } message)
        {
            yield return message;
        }
    }

    /// <summary>Ends our side once everything queued is written. The host then ends its own.</summary>
    public void Complete() => _outgoing.Writer.TryComplete();

    public ValueTask DisposeAsync()
    {
        _outgoing.Writer.TryComplete();
        _client.Dispose();
        _content.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SendLaterAsync(StreamingMessage message)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(message);
        }
        catch (ChannelClosedException)
        {
            // The host is gone; nobody waits for this message.
        }
    }

    /// <summary>A request body that goes on as long as the process; written before the host answers.</summary>
    private sealed class FrameContent : HttpContent
    {
        private const int BatchBytes = 64 * 1024;
        private readonly ChannelReader<StreamingMessage> _messages;

        public FrameContent(ChannelReader<StreamingMessage> messages)
        {
            _messages = messages;
            Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var batch = new ArrayBufferWriter<byte>();
            while (await _messages.WaitToReadAsync(cancellationToken))
            {
                while (batch.WrittenCount < BatchBytes && _messages.TryRead(out var message))
                {
                    GrpcFrame.Write(batch, message);
                }

                await stream.WriteAsync(batch.WrittenMemory, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                batch.ResetWrittenCount();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
