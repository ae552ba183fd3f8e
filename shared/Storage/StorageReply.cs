using System.Globalization;
using Azure;
using Azure.Core;

namespace OpenClaw.Storage;

/// <summary>The last answer to a <see cref="StorageRequest"/>, its body read whole unless it streams. Owns the message.</summary>
internal sealed class StorageReply(HttpMessage message, StorageRequest request, PooledBuffer? body, bool wasRetried) : IDisposable
{
    private string? _errorCode;

    public int Status => message.Response.Status;

    public bool IsSuccess => Status is >= 200 and < 300;

    public bool WasRetried => wasRetried;

    public ReadOnlyMemory<byte> Body => body?.Memory ?? default;

    /// <summary>Raw, so that an ETag read from a body and one from a header are equal.</summary>
    public ETag ETag => Header("ETag") is { } etag ? new ETag(etag) : default;

    /// <summary>The service's clock when it answered, whole seconds.</summary>
    public DateTimeOffset ServerTime => DateOf("Date") ?? default;

    public string ErrorCode => _errorCode ??= Header("x-ms-error-code") ?? StorageErrors.ReadCode(Body.Span) ?? Status.ToString(CultureInfo.InvariantCulture);

    public string? Header(string name) => message.Response.Headers.TryGetValue(name, out var value) ? value : null;

    public IEnumerable<HttpHeader> Headers => message.Response.Headers;

    public DateTimeOffset? DateOf(string header) => StorageErrors.ReadDate(Header(header));

    /// <summary>The body from the network; disposing the reply afterwards no longer ends it.</summary>
    public Stream TakeStream() => message.ExtractResponseContent() ?? Stream.Null;

    public StorageReply ThrowIfFailed() => IsSuccess ? this : throw Failure(Status, ErrorCode);

    public StorageException Failure(int status, string code, int? failedOperation = null)
    {
        var operation = failedOperation is { } index ? string.Create(CultureInfo.InvariantCulture, $", operation {index}") : "";
        var requestId = Header("x-ms-request-id") is { } id ? $", request {id}" : "";
        return new StorageException(
            $"Storage answered {status} {code} ({request.Method} {request.Target}{operation}{requestId}).", status, code, wasRetried, failedOperation);
    }

    /// <summary>Lets go of this answer but not of the message, which is about to be sent again.</summary>
    public void EndTry()
    {
        body?.Dispose();
        message.Response.Dispose();
    }

    public void Dispose()
    {
        body?.Dispose();
        message.Dispose();
    }
}
