using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Media.Files;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Media;

/// <summary><c>/api/media</c> and <c>/media</c>: files uploaded, listed, read and deleted. A file that is unknown, expired or another
/// caller's is the same 404.</summary>
public sealed class MediaHandler(MediaStore store, MediaTickets tickets, MediaBody bodies, GatewayConfigStore config, TimeProvider time)
{
    private const int MaxList = 200;

    private const int DefaultList = 50;

    /// <exception cref="GatewayException">See <see cref="MediaBody.ReceiveAsync"/>.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequireEnabled();
        var terms = new MediaTerms(ReadTtl(request.Query["ttlSeconds"], "ttlSeconds"), Purpose: null);
        var item = await bodies.ReceiveAsync(request, _ => terms, cancellationToken);
        request.HttpContext.Response.Headers.Location = UrlOf(item);
        return await ShowAsync(request.RequireCaller(), item, StatusCodes.Status201Created, cancellationToken);
    }

    /// <summary>The caller's own files; the operator lists those of others by <c>?owner=</c>.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequireEnabled();
        var caller = request.RequireCaller();
        var limit = PageQuery.ReadLimit(request.Query, DefaultList, MaxList);
        var owner = caller.IsOperator && PageQuery.ReadText(request.Query, "owner") is { } named ? named : caller.Subject;
        var cursor = PageQuery.ReadText(request.Query, "cursor");
        var page = await store.ListAsync(owner, limit, cursor, cancellationToken);
        var list = new List<MediaInfo>();
        foreach (var item in page.Items)
        {
            list.Add(await DescribeAsync(caller, item, cancellationToken));
        }

        return new ApiResult<MediaList>(new MediaList(list, page.Next), MediaJson.Default.MediaList);
    }

    /// <exception cref="GatewayException"><c>404 media_not_found</c>.</exception>
    public async Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        RequireEnabled();
        var caller = request.RequireCaller();
        var item = await store.FindAsync(id, caller, cancellationToken) ?? throw NotFound(id);
        return await ShowAsync(caller, item, StatusCodes.Status200OK, cancellationToken);
    }

    /// <exception cref="GatewayException"><c>404 media_not_found</c>.</exception>
    public async Task<IResult> DeleteAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        RequireEnabled();
        return await store.DeleteAsync(id, request.RequireCaller(), cancellationToken)
            ? TypedResults.NoContent()
            : throw NotFound(id);
    }

    /// <summary>The content of a file. There is no caller when the request was admitted by a ticket.</summary>
    /// <exception cref="GatewayException"><c>404 media_not_found</c>.</exception>
    public async Task<IResult> ReadAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        RequireEnabled();
        var item = request.FindCaller() is { } caller
            ? await store.FindAsync(id, caller, cancellationToken)
            : await store.FindAsync(id, cancellationToken);
        return item is null ? throw NotFound(id) : new MediaContent(item, store.Open(item), time.GetUtcNow());
    }

    /// <exception cref="GatewayException"><c>404 endpoint_disabled</c>.</exception>
    internal void RequireEnabled()
    {
        if (!config.Current.Gateway.Http.Media.Enabled)
        {
            throw new GatewayException(GatewayError.EndpointDisabled("gateway.http.media.enabled"));
        }
    }

    /// <param name="text">Seconds; empty for the configured time.</param>
    /// <param name="param">The field that an error names.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    internal TimeSpan ReadTtl(string? text, string param)
    {
        var settings = config.Current.Gateway.Http.Media;
        return string.IsNullOrEmpty(text) ? TimeSpan.FromSeconds(settings.TtlSeconds)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= 1
                && seconds <= settings.MaxTtlSeconds
                ? TimeSpan.FromSeconds(seconds)
                : throw new GatewayException(GatewayError.InvalidValue(param, $"1 to {settings.MaxTtlSeconds}."));
    }

    internal static GatewayException NotFound(string id) => new(GatewayError.MediaNotFound(id));

    private async Task<IResult> ShowAsync(Caller caller, MediaItem item, int status, CancellationToken cancellationToken) =>
        new ApiResult<MediaInfo>(await DescribeAsync(caller, item, cancellationToken), MediaJson.Default.MediaInfo, status);

    private async Task<MediaInfo> DescribeAsync(Caller caller, MediaItem item, CancellationToken cancellationToken)
    {
        var url = UrlOf(item);
        var ticket = await tickets.CreateAsync(item, cancellationToken);
        return new MediaInfo(
            item.Id, url, $"{url}?{MediaTickets.Parameter}={ticket}", item.FileName, item.ContentType, item.Bytes, item.Sha256,
                item.CreatedAt, item.ExpiresAt)
        {
            Owner = item.Owner == caller.Subject ? null : item.Owner,
        };
    }

    /// <summary>The URL of a file's content; absolute when the gateway's public address is known.</summary>
    private string UrlOf(MediaItem item) => $"{config.Current.Gateway.PublicUrl?.TrimEnd('/')}/media/{item.Id}";
}
