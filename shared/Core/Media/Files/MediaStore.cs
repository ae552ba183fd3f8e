using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Media.Worker;
using OpenClaw.Security;
using OpenClaw.Storage;

namespace OpenClaw.Media.Files;

/// <summary>Files that callers, tools and channels leave for a while: content in the container <c>media</c> under the file's id, all else
/// in
/// the table of the same name. A file belongs to the caller who uploaded it; the operator reaches all files.</summary>
public sealed partial class MediaStore(GatewayStorage storage, GatewayConfigStore config, TimeProvider time, ILogger<MediaStore> logger)
{
    public const string ContainerName = "media";

    /// <summary>What an upload keeps in memory of its file.</summary>
    public const int MostBytesHeld = BlobContainer.BlockBytes;

    /// <summary>How long clearing up after a file may keep a request.</summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(10);

    private readonly MediaLedger _ledger = new(storage, time);

    private BlobContainer Container => storage.Container(ContainerName);

    private MediaSection Settings => config.Current.Gateway.Http.Media;

    /// <summary>Stores a file that is in memory.</summary>
    /// <inheritdoc cref="SaveAsync(string, Stream, string?, string?, TimeSpan?, CancellationToken)"/>
    public async Task<MediaItem> SaveAsync(
        string owner, ReadOnlyMemory<byte> content, string? declaredType, string? fileName, TimeSpan? ttl,
            CancellationToken cancellationToken)
    {
        var source = new MediaSource(owner, declaredType, fileName, Within(ttl)) { Length = content.Length, IsExact = true };
        using var stream = MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        await using var upload = await ReceiveAsync(source, stream, cancellationToken);
        return await upload.CommitAsync(source.LongestTtl, purpose: null, cancellationToken);
    }

    /// <summary>Stores a file.</summary>
    /// <param name="owner">Subject of the caller whose it will be; empty is the operator.</param>
    /// <param name="declaredType">Null leaves it to the content.</param>
    /// <param name="ttl">Null for the configured time; never more than the configured most.</param>
    /// <exception cref="GatewayException"><c>400 media_type_mismatch</c>, <c>400 empty_file</c>, <c>413 request_too_large</c>,
    /// <c>413 media_quota_exceeded</c>, <c>415 unsupported_media_type</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<MediaItem> SaveAsync(
        string owner, Stream content, string? declaredType, string? fileName, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        var source = new MediaSource(owner, declaredType, fileName, Within(ttl));
        await using var upload = await ReceiveAsync(source, content, cancellationToken);
        return await upload.CommitAsync(source.LongestTtl, purpose: null, cancellationToken);
    }

    /// <summary>Stores the bytes of a file; its name and time to live can be given afterwards.</summary>
    /// <inheritdoc cref="SaveAsync(string, Stream, string?, string?, TimeSpan?, CancellationToken)"/>
    public async Task<MediaUpload> ReceiveAsync(MediaSource source, Stream content, CancellationToken cancellationToken)
    {
        var settings = Settings;
        source = source.Owner.Length == 0 ? source with { Owner = Caller.OperatorSubject } : source;
        if (source.IsExact && source.Length > settings.MaxBytes)
        {
            throw new GatewayException(GatewayError.BodyTooLarge(settings.MaxBytes));
        }

        var start = new byte[MediaTypes.StartBytes];
        start = start[..await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken)];
        if (start.Length == 0)
        {
            throw new GatewayException(GatewayError.InvalidRequest("The file is empty.", "file", ErrorCode.EmptyFile));
        }

        var type = MediaTypes.Decide(source.DeclaredType, start);
        if (settings.AllowedMimes.Count > 0 && !settings.AllowedMimes.Any(allowed => MediaTypes.Canonical(allowed) == type))
        {
            throw new GatewayException(GatewayError.UnsupportedMediaType($"Files of type '{type}' are not taken here."));
        }

        var most = Math.Min(source.Length ?? settings.MaxBytes, settings.MaxBytes);
        var plan = await _ledger.ReserveAsync(source, most, source.IsExact, settings.QuotaBytes, cancellationToken);
        try
        {
            using var stream = new MediaUploadStream(
                start, content, plan.Reserved, MediaTypes.IsText(type) && !MediaTypes.IsWideText(start),
                () => new GatewayException(
                    plan.Reserved < most ? GatewayError.MediaQuotaExceeded(settings.QuotaBytes)
                    : GatewayError.BodyTooLarge(settings.MaxBytes)),
                () => new GatewayException(GatewayError.MediaTypeMismatch(type, "binary")));
            await Container.UploadAsync(plan.Id, stream, contentType: null, overwrite: true, cancellationToken);
            var item = new MediaItem(
                plan.Id, source.Owner, MediaName.Clean(source.FileName, type), type, stream.Count, stream.Sha256(), default, default)
            {
                Charset = CharsetOf(source.DeclaredType),
            };
            return new MediaUpload(this, plan, item, time);
        }
        catch
        {
            await AbandonAsync(plan);
            throw;
        }
    }

    /// <summary>A file that the caller may read and that has not expired; else null, whatever the reason.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<MediaItem?> FindAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } item && (caller.IsOperator || item.Owner == caller.Subject) ? item : null;

    /// <summary>The same for a reader that a ticket has admitted.</summary>
    public async Task<MediaItem?> FindAsync(string id, CancellationToken cancellationToken) =>
        await _ledger.FindAsync(id, cancellationToken) is { } row ? row.ToItem() : null;

    /// <summary>A file with its content; null where <see cref="FindAsync(string, Caller, CancellationToken)"/> is.</summary>
    /// <param name="maxBytes">Larger files are refused.</param>
    /// <exception cref="MediaException"><c>file_too_large</c>.</exception>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<(MediaItem Item, byte[] Content)?> ReadAsync(
        string id, Caller caller, long maxBytes, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, cancellationToken) is not { } item)
        {
            return null;
        }

        if (item.Bytes > maxBytes)
        {
            throw new MediaException(MediaException.TooLarge, $"The file holds {item.Bytes} bytes; at most {maxBytes} are taken.");
        }

        var content = await Container.DownloadAsync(item.Id, cancellationToken);
        return content is null ? null : (item, content);
    }

    /// <summary>The content of a file as it is read, seekable until then. Storage is asked at the first read.</summary>
    public Stream Open(MediaItem item) => new MediaStream(Container, item);

    /// <summary>A page of an owner's files, newest first.</summary>
    /// <param name="cursor">Of the page before; null for the first.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>, <c>503 storage_unavailable</c>.</exception>
    public Task<MediaPage> ListAsync(string owner, int limit, string? cursor, CancellationToken cancellationToken) =>
        cursor is null || MediaCursor.IsValid(cursor)
            ? _ledger.ListAsync(owner, limit, cursor, cancellationToken)
            : throw new GatewayException(GatewayError.InvalidValue("cursor", "it must come from the page before."));

    /// <summary>Where a list goes on behind a file; null where <see cref="FindAsync(string, Caller, CancellationToken)"/> is.</summary>
    public async Task<string?> FindCursorAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        await _ledger.FindAsync(id, cancellationToken) is { } row && row.ToItem().Owner == caller.Subject
            ? row.ListKey[MediaRow.Listed.Length..]
            : null;

    /// <summary>Takes a file away at once for every reader; false when the caller has none of this id.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>: it is still there.</exception>
    public async Task<bool> DeleteAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        var row = await _ledger.FindAsync(id, cancellationToken);
        if (row is null || row.ToItem() is not { } item || !(caller.IsOperator || item.Owner == caller.Subject)
            || !await _ledger.HideAsync(id, cancellationToken))
        {
            return false;
        }

        using var patience = new CancellationTokenSource(CleanUpTime); // it is gone already, whether or not its caller stays
        try
        {
            await Container.DeleteAsync(id, patience.Token);
            await _ledger.ReleaseAsync(item, row.ListKey, patience.Token);
            await _ledger.ForgetDueAsync(row.DueKey, patience.Token);
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException)
        {
            LogLeftOver(failure);
        }

        return true;
    }

    internal Task PublishAsync(MediaPlan plan, MediaItem item, CancellationToken cancellationToken) =>
        _ledger.PublishAsync(plan, item, cancellationToken);

    /// <summary>Deletes the rest of an upload that failed; what cannot be deleted is left to the sweep.</summary>
    internal async Task AbandonAsync(MediaPlan plan)
    {
        using var patience = new CancellationTokenSource(CleanUpTime);
        try
        {
            await _ledger.AbandonAsync(plan, patience.Token);
            await Container.DeleteAsync(plan.Id, patience.Token);
            await _ledger.ForgetDueAsync(plan.DueKey, patience.Token);
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException)
        {
            LogLeftOver(failure);
        }
    }

    private TimeSpan Within(TimeSpan? ttl)
    {
        var (usual, most) = (TimeSpan.FromSeconds(Settings.TtlSeconds), TimeSpan.FromSeconds(Settings.MaxTtlSeconds));
        return (ttl ?? usual) is var asked && asked < most ? asked : most;
    }

    private static string? CharsetOf(string? declared) =>
        MediaTypeHeaderValue.TryParse(declared, out var media) && media.CharSet?.Trim('"') is { Length: > 0 and <= 40 } charset
            && charset.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? charset.ToLowerInvariant() : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is left of a file could not be taken away yet")]
    private partial void LogLeftOver(Exception failure);
}
