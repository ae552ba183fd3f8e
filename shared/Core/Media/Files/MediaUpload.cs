using OpenClaw.Errors;

namespace OpenClaw.Media.Files;

/// <summary>A file whose bytes are stored and that readers cannot see yet. If it is disposed before its commit, it is deleted.</summary>
public sealed class MediaUpload : IAsyncDisposable
{
    private readonly MediaStore _store;
    private readonly MediaPlan _plan;
    private readonly MediaItem _item;
    private readonly TimeProvider _time;
    private bool _isCommitted;

    internal MediaUpload(MediaStore store, MediaPlan plan, MediaItem item, TimeProvider time) =>
        (_store, _plan, _item, _time) = (store, plan, item, time);

    /// <summary>Makes the file visible.</summary>
    /// <param name="ttl">At most the longest of the upload's source.</param>
    /// <param name="purpose">As OpenAI's files have one; else null.</param>
    /// <exception cref="GatewayException"><c>408 request_timeout</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<MediaItem> CommitAsync(TimeSpan ttl, string? purpose, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (now >= _plan.ReservedUntil)
        {
            throw new GatewayException(GatewayError.BodyTimeout());
        }

        var item = _item with { CreatedAt = now, ExpiresAt = now + ttl, Purpose = purpose };
        await _store.PublishAsync(_plan, item, cancellationToken);
        _isCommitted = true;
        return item;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isCommitted)
        {
            _isCommitted = true;
            await _store.AbandonAsync(_plan);
        }
    }
}
