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

/// <summary>Cancels when the caller does, or when armed for longer than its limit.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;

    public Deadline(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        Limit = limit;
        _source = new CancellationTokenSource(limit, time);
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public TimeSpan Limit { get; set; }

    public CancellationToken Token => _source.Token;

    public void Arm() => _source.CancelAfter(Limit);

    public void Cancel() => _source.Cancel();

    public void Disarm() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}

/// <summary>A response body whose reads end in time, and whose failures are ours.</summary>
internal sealed class UpstreamStream(Stream body, Deadline deadline, CancellationToken caller) : ReadStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
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
        catch (Exception exception) when (exception is IOException or OperationCanceledException or HttpRequestException or ObjectDisposedException)
        {
            caller.ThrowIfCancellationRequested();
            throw new GatewayException(GatewayError.UpstreamInterrupted(), exception);
        }
    }
}
