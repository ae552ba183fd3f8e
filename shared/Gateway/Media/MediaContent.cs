using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OpenClaw.Errors;
using OpenClaw.Media;
using OpenClaw.Media.Files;

namespace OpenClaw.Gateway.Media;

/// <summary>The content of a file, whole or a range, under headers that keep a browser from running any of it: only images, sound and video
/// are shown in place, all else is a download.</summary>
internal sealed class MediaContent(MediaItem item, Stream content, DateTimeOffset now) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var stream = content;
        if (httpContext.Request.Headers.Range.ToString() is { Length: > 0 } range
            && !range.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            httpContext.Request.Headers.Remove(HeaderNames.Range); // of a unit unknown here: as if there were none
        }

        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers["Cross-Origin-Resource-Policy"] = "same-site";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = FormattableString.Invariant($"private, max-age={(long)(item.ExpiresAt - now).TotalSeconds}");
        headers.ContentDisposition = Disposition();
        try
        {
            await TypedResults.Stream(
                stream, MediaTypes.ToServed(item.ContentType, item.Charset), fileDownloadName: null, item.CreatedAt,
                new EntityTagHeaderValue($"\"{item.Sha256}\""), enableRangeProcessing: true).ExecuteAsync(httpContext);
        }
        catch (Exception failure) when (failure is IOException or GatewayException && !httpContext.RequestAborted.IsCancellationRequested)
        {
            if (!httpContext.Response.HasStarted)
            {
                Withdraw(headers);
            }

            throw failure as GatewayException ?? new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
    }

    private string Disposition()
    {
        var disposition = new ContentDispositionHeaderValue(MediaTypes.IsShown(item.ContentType) ? "inline" : "attachment");
        disposition.SetHttpFileName(item.FileName);
        return disposition.ToString();
    }

    /// <summary>Removes headers that described content that is not sent.</summary>
    private static void Withdraw(IHeaderDictionary headers)
    {
        foreach (var name in new[]
        {
            HeaderNames.ContentLength, HeaderNames.ContentRange, HeaderNames.ContentDisposition, HeaderNames.ETag, HeaderNames.LastModified,
            HeaderNames.AcceptRanges,
        })
        {
            headers.Remove(name);
        }
    }
}
