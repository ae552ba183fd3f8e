using System.Net.Http.Headers;
using OpenClaw.Errors;
using OpenClaw.Text;

namespace OpenClaw.Models.Upstream;

/// <summary>A provider's 2xx answer: its headers are here, its body is read as the model writes it.</summary>
internal sealed class UpstreamAnswer(HttpResponseMessage response, Deadline deadline, ModelHttpOptions options) : IDisposable
{
    /// <summary>True unless the provider says it answers in one JSON document, <c>stream:true</c> notwithstanding.</summary>
    public bool IsEventStream => !IsJson(response.Content.Headers.ContentType);

    /// <summary>From now on only what follows the finish reason is expected.</summary>
    public void ExpectEnd() => deadline.Limit = options.TrailerTimeout;

    /// <summary>The body; failures and silence surface as <c>upstream_interrupted</c>.</summary>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/html")
        {
            throw new GatewayException(GatewayError.UpstreamProtocol()); // a portal or an error page, not an API
        }

        deadline.Limit = options.IdleTimeout;
        return new UpstreamStream(await response.Content.ReadAsStreamAsync(cancellationToken), deadline, cancellationToken);
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="GatewayException"><c>upstream_protocol</c> when it is longer than <see cref="ModelHttpOptions.MaxAnswerBytes"/>.</exception>
    public async ValueTask<PooledBuffer> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var body = await OpenAsync(cancellationToken);
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

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } name && (name is "application/json" || name.EndsWith("+json", StringComparison.Ordinal));
}
