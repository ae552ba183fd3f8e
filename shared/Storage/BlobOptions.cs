using Azure;

namespace OpenClaw.Storage;

/// <summary>How a blob is written.</summary>
public sealed record BlobUploadOptions
{
    /// <summary>Writes over this version only: else <c>412 ConditionNotMet</c>.</summary>
    public ETag? IfMatch { get; init; }

    /// <summary><see cref="ETag.All"/> writes only where there is no blob: else <c>409 BlobAlreadyExists</c>.</summary>
    public ETag? IfNoneMatch { get; init; }

    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>Names of lower-case letters and digits, a letter first; values of printable ASCII.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The lease under which the blob is written.</summary>
    public string? LeaseId { get; init; }
}

/// <summary>Which part of a blob is read, and when.</summary>
public sealed record BlobReadOptions
{
    /// <summary>First byte.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes; null reads to the end.</summary>
    public long? Length { get; init; }

    /// <summary>Reads this version only: else <c>412 ConditionNotMet</c>.</summary>
    public ETag? IfMatch { get; init; }

    /// <summary>The version already held: nothing is read when it is still current (<see cref="BlobProperties.NotModified"/>).</summary>
    public ETag? IfNoneMatch { get; init; }

    internal string? RangeHeader => Offset == 0 && Length is null ? null : $"bytes={Offset}-{Offset + Length - 1}";
}

/// <summary>What a write to a blob left behind.</summary>
/// <param name="ServerTime">The service's clock when it answered, whole seconds.</param>
public readonly record struct BlobWrite(ETag ETag, DateTimeOffset ServerTime);
