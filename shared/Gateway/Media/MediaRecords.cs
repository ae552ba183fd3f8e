namespace OpenClaw.Gateway.Media;

/// <summary>A stored file as <c>/api/media</c> shows it.</summary>
/// <param name="Url">Of its content, for callers with credentials.</param>
/// <param name="TicketUrl">Of its content, for a short while without credentials.</param>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record MediaInfo(
    string Id, string Url, string TicketUrl, string Filename, string ContentType, long Bytes, string Sha256, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Whose it is; shown to the operator where it is not the operator's own.</summary>
    public string? Owner { get; init; }
}

/// <summary>Answer of <c>GET /api/media</c>.</summary>
/// <param name="NextCursor">Passed back as <c>cursor</c> it lists on; null at the end.</param>
internal sealed record MediaList(IReadOnlyList<MediaInfo> Media, string? NextCursor);
