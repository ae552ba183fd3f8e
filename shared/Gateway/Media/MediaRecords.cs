namespace OpenClaw.Gateway.Media;

/// <summary>A stored file as <c>/api/media</c> shows it.</summary>
/// <param name="Url">URL of its content, for callers with credentials.</param>
/// <param name="TicketUrl">URL of its content that needs no credentials for a short time.</param>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record MediaInfo(
    string Id, string Url, string TicketUrl, string Filename, string ContentType, long Bytes, string Sha256, DateTimeOffset CreatedAt,
        DateTimeOffset ExpiresAt)
{
    /// <summary>Its owner; shown to the operator for files of other subjects.</summary>
    public string? Owner { get; init; }
}

/// <summary>Answer of <c>GET /api/media</c>.</summary>
/// <param name="NextCursor">The <c>cursor</c> of the next page; null at the end.</param>
internal sealed record MediaList(IReadOnlyList<MediaInfo> Media, string? NextCursor);
