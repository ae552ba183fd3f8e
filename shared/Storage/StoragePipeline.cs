using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace OpenClaw.Storage;

/// <summary>
/// Sends the operations of one service: signs every try anew, reads the body within the time of the try, and tries again as
/// <see cref="StorageRetryOptions"/> says. A caller's cancellation is never turned into a failure.
/// </summary>
internal sealed class StoragePipeline
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string _endpoint;
    private readonly string _version;
    private readonly HttpPipeline _pipeline;
    private readonly StorageRetryOptions _retry;

    public StoragePipeline(Uri endpoint, string version, HttpPipelineTransport transport, HttpPipelinePolicy authentication, StorageRetryOptions retry)
    {
        _endpoint = endpoint.AbsoluteUri.TrimEnd('/');
        _version = version;
        _pipeline = new HttpPipeline(transport, [authentication]);
        _retry = retry;
    }

    public string Endpoint => _endpoint;

    /// <summary>Answers with whatever the service said last, success or not.</summary>
    /// <exception cref="StorageException">Status 0: no try brought an answer.</exception>
    public async Task<StorageReply> SendAsync(StorageRequest request, CancellationToken cancellationToken)
    {
        var message = CreateMessage(request);
        try
        {
            var started = _retry.Time.GetTimestamp();
            var allowance = StorageRetryOptions.BodyAllowance(request.Body.Length);
            for (var tries = 1; ; tries++)
            {
                var left = _retry.TotalTimeout + allowance - _retry.Time.GetElapsedTime(started);
                var limit = _retry.TryTimeout + allowance;
                var (reply, failure) = await TryAsync(message, request, tries > 1, limit < left ? limit : left, cancellationToken);
                if (reply is not null && !IsTransient(request.InnerStatus?.Invoke(reply) ?? reply.Status))
                {
                    return reply;
                }

                var retryAfter = reply is null ? null : StorageErrors.ReadRetryAfter(reply.Header("Retry-After"), _retry.Time.GetUtcNow());
                var delay = _retry.DelayAfter(tries, retryAfter);
                if (tries >= _retry.MaxTries || _retry.Time.GetElapsedTime(started) + delay >= _retry.TotalTimeout + allowance)
                {
                    return reply ?? throw NoAnswer(request, tries, failure!);
                }

                reply?.EndTry();
                await Task.Delay(delay, _retry.Time, cancellationToken);
            }
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private HttpMessage CreateMessage(StorageRequest request)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = request.Method;
        message.Request.Uri.Reset(new Uri(_endpoint + request.Path, AsWritten));
        message.Request.Headers.SetValue("x-ms-version", _version);
        foreach (var (name, value) in request.Headers)
        {
            message.Request.Headers.SetValue(name, value);
        }

        if (request.HasBody)
        {
            message.Request.Content = RequestContent.Create(request.Body);
        }

        return message;
    }

    private async Task<(StorageReply? Reply, Exception? Failure)> TryAsync(
        HttpMessage message, StorageRequest request, bool isRetry, TimeSpan limit, CancellationToken cancellationToken)
    {
        PooledBuffer? body = null;
        using var timeout = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, _retry.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _pipeline.SendAsync(message, either.Token);
            if (message.Response.ContentStream is { } content && request.Method != RequestMethod.Head && !(request.StreamsReply && !message.Response.IsError))
            {
                body = new PooledBuffer(CapacityFor(message.Response));
                await body.ReadFromAsync(content, either.Token);
            }

            return (new StorageReply(message, request, body, isRetry), null);
        }
        catch (Exception exception)
        {
            body?.Dispose();
            if (message.HasResponse)
            {
                message.Response.Dispose();
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (exception is AuthenticationFailedException)
            {
                throw new StorageException(
                    $"The managed identity gave no access token for storage ({request.Method} {request.Target}).",
                    0, StorageErrorCode.NoToken, isRetry, failedOperation: null, exception);
            }

            if (exception is OperationCanceledException or RequestFailedException or HttpRequestException or IOException)
            {
                return (null, exception);
            }

            throw;
        }
    }

    private static int CapacityFor(Response response) =>
        response.Headers.TryGetValue("Content-Length", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? Math.Min(length, 4 * 1024 * 1024) + 1 // room to see the end without growing
            : 4096;

    private static bool IsTransient(int status) => status is 408 or 429 or 500 or 502 or 503 or 504;

    private static StorageException NoAnswer(StorageRequest request, int tries, Exception failure)
    {
        var code = failure is OperationCanceledException ? StorageErrorCode.TimedOut : StorageErrorCode.ConnectionFailed;
        return new StorageException(
            string.Create(CultureInfo.InvariantCulture, $"Storage gave no answer after {tries} tries: {code} ({request.Method} {request.Target})."),
            0, code, tries > 1, failedOperation: null, failure);
    }
}
