using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Media.Files;

namespace OpenClaw.Gateway.Media;

/// <summary><c>/v1/files</c>: the media store in OpenAI's format. Ids are the store's own.</summary>
public sealed class FilesHandler(MediaStore store, MediaBody bodies, MediaHandler media)
{
    private const string Purpose = "purpose";

    private const int MaxPurpose = 64;

    private const int MaxList = 1000;

    /// <exception cref="GatewayException"><c>400 missing_required_parameter</c>, and see <see cref="MediaBody.ReceiveAsync"/>.</exception>
    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        media.RequireEnabled();
        if (!request.HasFormContentType)
        {
            throw new GatewayException(GatewayError.UnsupportedMediaType("Send the file as 'multipart/form-data'."));
        }

        return Show(await bodies.ReceiveAsync(request, ReadTerms, cancellationToken));
    }

    /// <exception cref="GatewayException"><c>400 invalid_value</c>, <c>404 media_not_found</c>.</exception>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        media.RequireEnabled();
        var limit = PageQuery.ReadLimit(request.Query, MaxList, MaxList);
        var caller = request.RequireCaller();
        var after = PageQuery.ReadText(request.Query, "after") is { } id
            ? await store.FindCursorAsync(id, caller, cancellationToken) ?? throw new GatewayException(GatewayError.MediaNotFound(id))
            : null;
        var page = await store.ListAsync(caller.Subject, limit, after, cancellationToken);
        var files = page.Items.Select(Describe).ToList();
        return new JsonResult<FileList>(
            new FileList(files, files.FirstOrDefault()?.Id, files.LastOrDefault()?.Id, page.Next is not null), FilesJson.Default.FileList);
    }

    /// <exception cref="GatewayException"><c>404 media_not_found</c>.</exception>
    public async Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        media.RequireEnabled();
        return Show(await store.FindAsync(id, request.RequireCaller(), cancellationToken)
            ?? throw MediaHandler.NotFound(id));
    }

    /// <exception cref="GatewayException"><c>404 media_not_found</c>.</exception>
    public Task<IResult> ReadAsync(HttpRequest request, string id, CancellationToken cancellationToken) =>
        media.ReadAsync(request, id, cancellationToken);

    /// <exception cref="GatewayException"><c>404 media_not_found</c>.</exception>
    public async Task<IResult> DeleteAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        media.RequireEnabled();
        return await store.DeleteAsync(id, request.RequireCaller(), cancellationToken)
            ? new JsonResult<DeletedFile>(new DeletedFile(id), FilesJson.Default.DeletedFile)
            : throw MediaHandler.NotFound(id);
    }

    private MediaTerms ReadTerms(IReadOnlyDictionary<string, string> fields)
    {
        if (!fields.TryGetValue(Purpose, out var purpose) || purpose.Length == 0)
        {
            throw new GatewayException(GatewayError.MissingField(Purpose));
        }

        return purpose.Length <= MaxPurpose && purpose.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? new MediaTerms(media.ReadTtl(fields.GetValueOrDefault("expires_after[seconds]"), "expires_after[seconds]"), purpose)
            : throw new GatewayException(GatewayError.InvalidValue(Purpose, "such as 'user_data'."));
    }

    private static JsonResult<FileObject> Show(MediaItem item) => new(Describe(item), FilesJson.Default.FileObject);

    private static FileObject Describe(MediaItem item) => new(
        item.Id, item.Bytes, item.CreatedAt.ToUnixTimeSeconds(), item.ExpiresAt.ToUnixTimeSeconds(), item.FileName, item.Purpose
            ?? "user_data");
}
