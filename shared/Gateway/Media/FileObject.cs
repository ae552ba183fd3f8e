namespace OpenClaw.Gateway.Media;

/// <summary>A stored file. Source: OpenAI API reference, Files, "The File object".</summary>
/// <param name="CreatedAt">Unix seconds, as <paramref name="ExpiresAt"/>.</param>
internal sealed record FileObject(string Id, long Bytes, long CreatedAt, long ExpiresAt, string Filename, string Purpose)
{
    public string Object { get; } = "file";

    public string Status { get; } = "processed";
}

/// <summary>Answer of <c>GET /v1/files</c>, newest first; <c>after</c> takes an id.</summary>
internal sealed record FileList(IReadOnlyList<FileObject> Data, string? FirstId, string? LastId, bool HasMore)
{
    public string Object { get; } = "list";
}

/// <summary>Answer of <c>DELETE /v1/files/{id}</c>.</summary>
internal sealed record DeletedFile(string Id)
{
    public string Object { get; } = "file";

    public bool Deleted { get; } = true;
}
