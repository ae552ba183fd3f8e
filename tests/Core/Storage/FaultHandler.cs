using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OpenClaw.Tests.Core.Storage;

/// <summary>A network that misbehaves as told: one fault per request, in order; requests beyond them pass.</summary>
internal sealed class FaultHandler : DelegatingHandler
{
    private readonly Queue<Fault> _faults;

    public FaultHandler(params IEnumerable<Fault> faults)
        : base(new SocketsHttpHandler { UseProxy = false })
    {
        _faults = new(faults);
    }

    public delegate Task<HttpResponseMessage> Fault(Func<Task<HttpResponseMessage>> pass, CancellationToken cancellationToken);

    /// <summary>The signature or token of each try.</summary>
    public List<string> Tries { get; } = [];

    public static Fault Pass { get; } = (pass, _) => pass();

    /// <summary>The server applies the request, its answer is lost.</summary>
    public static Fault DropReply { get; } = async (pass, _) =>
    {
        (await pass()).Dispose();
        throw new HttpRequestException("the connection was reset", new IOException());
    };

    /// <summary>The connection breaks before the server sees the request.</summary>
    public static Fault Reset { get; } = (_, _) => throw new HttpRequestException("the connection was reset", new IOException());

    /// <summary>The server applies the request, its answer breaks off inside the body.</summary>
    public static Fault TruncateReply { get; } = async (pass, _) => Truncated(await pass(), keep: 10);

    /// <summary>No answer until the caller gives up.</summary>
    public static Fault Hang { get; } = async (_, cancellationToken) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException();
    };

    public static Fault TruncateAfter(int bytes) => async (pass, _) => Truncated(await pass(), bytes);

    public static Fault Answer(
        HttpStatusCode status, RetryConditionHeaderValue? retryAfter = null, string body = "", string contentType = "text/plain") =>
        (_, _) =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8) };
        response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        response.Headers.RetryAfter = retryAfter;
        return Task.FromResult(response);
    };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Tries.Add(request.Headers.Authorization!.ToString());
        var fault = _faults.Count > 0 ? _faults.Dequeue() : Pass;
        return fault(() => base.SendAsync(request, cancellationToken), cancellationToken);
    }

    private static HttpResponseMessage Truncated(HttpResponseMessage response, int keep)
    {
        var content = new StreamContent(new BrokenStream(response.Content.ReadAsStream(), keep));
        foreach (var header in response.Content.Headers)
        {
            content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content = content;
        return response;
    }

    private sealed class BrokenStream(Stream inner, int keep) : Stream
    {
        private int _left = keep;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read > 0 ? read : throw new IOException("the connection was reset");
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
