using System.Net.Http.Headers;
using OpenClaw.Errors;
using OpenClaw.Text;

namespace OpenClaw.Models.Upstream;

/// <summary>A provider's 2xx answer: its headers have arrived, its body is read while the model writes it.</summary>
internal sealed class UpstreamAnswer(HttpResponseMessage response, Deadline deadline, ModelHttpOptions options) : IDisposable
{
    private UpstreamStream? _body;

    /// <summary>Decides by its first byte whether the body is an event stream, because some servers label it wrongly or not at all. False
    /// for one JSON document, which is an answer in spite of <c>stream:true</c>. White space before it, which keeps connections
    /// alive, is dropped.</summary>
    /// <exception cref="GatewayException"><c>upstream_protocol</c>: neither of them, such as a page of a portal.</exception>
    public async ValueTask<bool> IsEventStreamAsync(CancellationToken cancellationToken)
    {
        var body = await OpenAsync(cancellationToken);
        var isJson = IsJson(response.Content.Headers.ContentType);
        var buffer = new byte[4096];
        for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            var start = buffer.AsSpan(0, count).IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
            if (start >= 0)
            {
                body.Unread(buffer.AsMemory(start, count - start));
                return (char)buffer[start] switch
                {
                    '{' or '[' => false,
                    '<' => throw new GatewayException(GatewayError.UpstreamProtocol()),
                    'd' or 'e' or 'i' or 'r' or ':' => true, // the fields of events, and a comment
                    _ => !isJson,
                };
            }
        }

        return !isJson;
    }

    /// <summary>The events of the body.</summary>
    public async ValueTask<SseReader> OpenEventsAsync(CancellationToken cancellationToken) =>
        new(await OpenAsync(cancellationToken), options.MaxAnswerBytes);

    /// <summary>Sets how long the provider may be silent: shorter once the answer is whole and only usage may follow.</summary>
    public void Expect(bool onlyTrailer) => deadline.Limit = onlyTrailer ? options.TrailerTimeout : options.IdleTimeout;

    /// <summary>The whole body.</summary>
    /// <exception cref="GatewayException"><c>upstream_protocol</c> when it is longer than
    /// <see cref="ModelHttpOptions.MaxAnswerBytes"/>.</exception>
    public async ValueTask<PooledBuffer> ReadAllAsync(CancellationToken cancellationToken)
    {
        var body = await OpenAsync(cancellationToken);
        var buffer = new PooledBuffer(16 * 1024);
        try
        {
            for (int count; (count = await body.ReadAsync(buffer.GetMemory(4096), cancellationToken)) > 0; buffer.Advance(count))
            {
                if (buffer.Length + count > options.MaxAnswerBytes)
                {
                    throw new GatewayException(GatewayError.UpstreamProtocol());
                }
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        response.Dispose();
        deadline.Dispose();
    }

    /// <summary>The body; failures and silence become <c>upstream_interrupted</c>.</summary>
    private async ValueTask<UpstreamStream> OpenAsync(CancellationToken cancellationToken)
    {
        if (_body is null)
        {
            deadline.Limit = options.IdleTimeout;
            _body = new UpstreamStream(await OpenBodyAsync(response, cancellationToken), deadline, cancellationToken);
        }

        return _body;
    }

    /// <summary>The body as it was before its server compressed it; none is asked for that, and some do it all the same.</summary>
    /// <exception cref="GatewayException"><c>upstream_protocol</c>: compressed more than once or in an unknown way.</exception>
    internal static async ValueTask<Stream> OpenBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        ContentCoding.Decode(await response.Content.ReadAsStreamAsync(cancellationToken), [.. response.Content.Headers.ContentEncoding])
            ?? throw new GatewayException(GatewayError.UpstreamProtocol());

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } name && (name is "application/json" || name.EndsWith("+json", StringComparison.Ordinal));
}
