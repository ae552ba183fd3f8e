namespace OpenClaw.Media.Files;

/// <summary>A stored file. It never changes; it can only go.</summary>
/// <param name="Owner">Subject of the caller whose it is.</param>
/// <param name="FileName">Without folders, and safe as a name on any system.</param>
/// <param name="ContentType">Lower case, without parameters; checked against the content.</param>
/// <param name="Sha256">Of the content, lower-case hex.</param>
/// <param name="ExpiresAt">From then on readers get 404.</param>
public sealed record MediaItem(
    string Id, string Owner, string FileName, string ContentType, long Bytes, string Sha256, DateTimeOffset CreatedAt,
        DateTimeOffset ExpiresAt)
{
    /// <summary>Declared charset of a text; null when none was.</summary>
    public string? Charset { get; init; }

    /// <summary>OpenAI's <c>purpose</c>, where the upload named one.</summary>
    public string? Purpose { get; init; }
}

/// <summary>What an upload says of a file before its bytes.</summary>
/// <param name="Owner">Subject of a caller; empty is the operator.</param>
/// <param name="DeclaredType">As in <c>Content-Type</c>, parameters allowed; null for none.</param>
/// <param name="LongestTtl">The most that <see cref="MediaUpload.CommitAsync"/> will ask for.</param>
public sealed record MediaSource(string Owner, string? DeclaredType, string? FileName, TimeSpan LongestTtl)
{
    /// <summary>Bytes at most, where that is known; exact when <see cref="IsExact"/>.</summary>
    public long? Length { get; init; }

    public bool IsExact { get; init; }
}

/// <summary>One page of an owner's files, newest first.</summary>
/// <param name="Next">Passed back it lists on; null at the end.</param>
public sealed record MediaPage(IReadOnlyList<MediaItem> Items, string? Next);
