namespace OpenClaw.Storage;

/// <summary>One version of a blob.</summary>
/// <param name="ETag">Without quotes; another after every write.</param>
public sealed record BlobVersion(string Name, long Bytes, string ETag, string? ContentType, DateTimeOffset ModifiedAt);
