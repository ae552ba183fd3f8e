using System.Globalization;
using Azure;

namespace OpenClaw.Storage;

/// <summary>What is known of a blob without its bytes.</summary>
public sealed record BlobProperties
{
    public ETag ETag { get; init; }

    /// <summary>Bytes of the whole blob, also when a range was read.</summary>
    public long Length { get; init; }

    public string ContentType { get; init; } = "";

    public DateTimeOffset LastModified { get; init; }

    /// <summary><c>bytes first-last/length</c> when a range was read.</summary>
    public string? ContentRange { get; init; }

    /// <summary>The version asked about is still current: nothing but the ETag was returned.</summary>
    public bool NotModified { get; init; }

    public bool IsLeased { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The service's clock when it answered, whole seconds.</summary>
    public DateTimeOffset ServerTime { get; init; }

    internal static BlobProperties Read(StorageReply reply)
    {
        const string Prefix = "x-ms-meta-";
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in reply.Headers)
        {
            if (header.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                metadata[header.Name[Prefix.Length..].ToLowerInvariant()] = header.Value;
            }
        }

        var range = reply.Header("Content-Range");
        var length = range is null ? reply.Header("Content-Length") : range[(range.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return new()
        {
            ETag = reply.ETag,
            Length = long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0,
            ContentType = reply.Header("Content-Type") ?? "",
            LastModified = reply.DateOf("Last-Modified") ?? default,
            ContentRange = range,
            NotModified = reply.Status == 304,
            IsLeased = reply.Header("x-ms-lease-state") == "leased",
            Metadata = metadata,
            ServerTime = reply.ServerTime,
        };
    }
}

/// <summary>A blob, or a range of it, in memory; empty when <see cref="BlobProperties.NotModified"/>.</summary>
public sealed record BlobContent(byte[] Bytes, BlobProperties Properties);

/// <summary>A blob, or a range of it, read as it arrives.</summary>
public sealed class BlobReader : IDisposable, IAsyncDisposable
{
    internal BlobReader(Stream content, BlobProperties properties)
    {
        Content = content;
        Properties = properties;
    }

    /// <summary>Forward only. Takes up where it was when the connection breaks, as long as the blob is the same version.</summary>
    public Stream Content { get; }

    public BlobProperties Properties { get; }

    public void Dispose() => Content.Dispose();

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
