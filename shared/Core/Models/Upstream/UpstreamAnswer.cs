using System.Net.Http.Headers;
using OpenClaw.Errors;
using OpenClaw.Text;

namespace OpenClaw.Models.Upstream;

/// <summary>A provider's 2xx answer: its headers have arrived, its body is read while the model writes it.</summary>
internal sealed class UpstreamAnswer(HttpResponseMessage response, Deadline deadline, ModelHttpOptions options) : IDisposable
{
    /// <summary>False when the provider answers with one JSON document in spite of <c>stream:true</c>.</summary>
    public bool IsEventStream => !IsJson(response.Content.Headers.ContentType);

    /// <summary>The finish reason has arrived: from now on the shorter <see cref="ModelHttpOptions.TrailerTimeout"/> applies.</summary>
    public void ExpectEnd() => deadline.Limit = options.TrailerTimeout;

    /// <summary>The body; failures and silence become <c>upstream_interrupted</c>.</summary>
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
    /// <exception cref="GatewayException"><c>upstream_protocol</c> when it is longer than
    /// <see cref="ModelHttpOptions.MaxAnswerBytes"/>.</exception>
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
