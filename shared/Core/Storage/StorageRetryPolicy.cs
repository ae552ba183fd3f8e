using System.Globalization;
using System.Runtime.ExceptionServices;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace OpenClaw.Storage;

/// <summary>
/// Tries again as <see cref="StorageRetryOptions"/> says. In place of the SDK's own policy, which bounds neither the total time nor a long
/// <c>Retry-After</c>, and takes a batch that was refused inside its <c>202 Accepted</c> for a success. A write whose answer was lost is
/// sent again too: the 409 or 412 that follows is told from a conflict by the caller, who reads back.
/// </summary>
internal sealed class StorageRetryPolicy(StorageRetryOptions options) : HttpPipelinePolicy
{
    /// <summary>A try with less time than this is not begun: it could only end in another timeout.</summary>
    private TimeSpan ShortestTry => options.TryTimeout / 10;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var started = options.Time.GetTimestamp();
        var allowance = message.Request.Content?.TryComputeLength(out var bytes) == true ? StorageRetryOptions.BodyAllowance(bytes)
            : TimeSpan.Zero;
        var total = options.TotalTimeout + allowance;
        for (var tries = 1; ; tries++)
        {
            var left = total - options.Time.GetElapsedTime(started);
            message.NetworkTimeout = left < options.TryTimeout + allowance ? left : options.TryTimeout + allowance;
            Exception? failure = null;
            try
            {
                await ProcessNextAsync(message, pipeline);
            }
            catch (Exception exception) when (exception is RequestFailedException or IOException or OperationCanceledException)
            {
                message.CancellationToken.ThrowIfCancellationRequested();
                failure = exception;
            }

            if (failure is null && !IsTransient(StatusOf(message.Response)))
            {
                return;
            }

            var delay = options.DelayAfter(tries, failure is null ? RetryAfter(message.Response) : null);
            if (tries >= options.MaxTries || options.Time.GetElapsedTime(started) + delay + ShortestTry >= total)
            {
                if (failure is not null)
                {
                    ExceptionDispatchInfo.Throw(failure);
                }

                return;
            }

            if (failure is null)
            {
                message.Response.Dispose();
            }

            await Task.Delay(delay, options.Time, message.CancellationToken);
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("Storage is called asynchronously only.");

    private static bool IsTransient(int status) => status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>Of a batch the first operation's, which is that of the whole.</summary>
    private static int StatusOf(Response response)
    {
        if (response.Status != 202 || response.ContentStream is not MemoryStream content)
        {
            return response.Status;
        }

        ReadOnlySpan<byte> body = content.TryGetBuffer(out var buffer) ? buffer : content.ToArray();
        var line = body.IndexOf("HTTP/1.1 "u8) is >= 0 and var at ? body[(at + 9)..] : default;
        return line.Length >= 3 && int.TryParse(line[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status
            : response.Status;
    }

    private TimeSpan? RetryAfter(Response response) => !response.Headers.TryGetValue("Retry-After", out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date - options.Time.GetUtcNow()
        : null;
}
