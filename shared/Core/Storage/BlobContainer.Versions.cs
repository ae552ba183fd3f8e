using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;

namespace OpenClaw.Storage;

/// <content>Blobs that change: each write makes a version, and a write can ask for the version it replaces.</content>
public sealed partial class BlobContainer
{
    /// <summary>As the condition of a write: there must be no blob of this name yet.</summary>
    public const string Absent = "";

    private const string StampKey = "stamp";

    /// <summary>The newest version and its content; null when there is no such blob.</summary>
    /// <param name="maxBytes">The content of a larger blob is not read: null.</param>
    public async Task<(BlobVersion Version, byte[]? Content)?> ReadVersionAsync(
        string name, long maxBytes, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        try
        {
            var answer = (await ReadAsync(
                "download from", () => blob.DownloadStreamingAsync(cancellationToken: cancellationToken), cancellationToken)).Value;
            await using var stream = Translated(answer.Content, "download from");
            var details = answer.Details;
            var version = new BlobVersion(name, details.ContentLength, TextOf(details.ETag), details.ContentType, details.LastModified);
            if (version.Bytes > maxBytes)
            {
                return (version, null);
            }

            var content = new byte[version.Bytes];
            await stream.ReadExactlyAsync(content, cancellationToken);
            return (version, content);
        }
        catch (StorageException absent) when (absent.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Writes a small blob in one request.</summary>
    /// <param name="ifMatch">The version to replace; <see cref="Absent"/> for none; null replaces whatever is there.</param>
    /// <param name="stamp">Names the write: a try that finds its own stamp has been applied before.</param>
    /// <exception cref="StorageException"><c>409 BlobAlreadyExists</c>, <c>412 ConditionNotMet</c>: another version is there.</exception>
    public async Task<BlobVersion> WriteVersionAsync(
        string name, ReadOnlyMemory<byte> content, string contentType, string? ifMatch, string stamp, CancellationToken cancellationToken)
    {
        var (blob, options) = (Blob(name), Options(contentType, overwrite: true));
        options.Conditions = ConditionsOf(ifMatch);
        options.Metadata = new Dictionary<string, string> { [StampKey] = stamp };
        try
        {
            var written = (await WriteAsync("upload to", () =>
                blob.UploadAsync(BinaryData.FromBytes(content), options, cancellationToken), cancellationToken)).Value;
            return new BlobVersion(name, content.Length, TextOf(written.ETag), contentType, written.LastModified);
        }
        catch (StorageException refused) when (refused.Status is 409 or 412)
        {
            var found = await FindPropertiesAsync(name, cancellationToken);
            return found is not null && found.Metadata.TryGetValue(StampKey, out var other) && other == stamp
                ? new BlobVersion(name, found.ContentLength, TextOf(found.ETag), found.ContentType, found.LastModified)
                : throw new StorageException(refused.Message, refused.Status, refused.Code, innerException: refused);
        }
    }

    /// <summary>False when there is no such blob; after a retry that may be the work of an earlier try.</summary>
    /// <param name="ifMatch">The version to delete; null deletes any.</param>
    /// <exception cref="StorageException"><c>412 ConditionNotMet</c>: another version is there.</exception>
    public async Task<bool> DeleteVersionAsync(string name, string? ifMatch, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        return (await ReadAsync(
            "delete from",
            () => blob.DeleteIfExistsAsync(conditions: ConditionsOf(ifMatch), cancellationToken: cancellationToken),
            cancellationToken)).Value;
    }

    /// <summary>Blobs in the order of their names, read page by page, each when the enumeration gets there.</summary>
    public async IAsyncEnumerable<BlobVersion> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blobs = _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken);
        await using var pages = blobs.AsPages().GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(pages, cancellationToken))
        {
            foreach (var blob in pages.Current.Values)
            {
                var found = blob.Properties;
                yield return new BlobVersion(
                    blob.Name, found.ContentLength ?? 0, TextOf(found.ETag ?? default), found.ContentType, found.LastModified ?? default);
            }
        }
    }

    private async Task<bool> MoveNextAsync<T>(IAsyncEnumerator<T> pages, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync("list", () => pages.MoveNextAsync().AsTask(), cancellationToken);
        }
        catch (StorageException missing) when (IsMissing(missing))
        {
            return false;
        }
    }

    private async Task<BlobProperties?> FindPropertiesAsync(string name, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        try
        {
            return (await ReadAsync(
                "ask of", () => blob.GetPropertiesAsync(cancellationToken: cancellationToken), cancellationToken)).Value;
        }
        catch (StorageException absent) when (absent.Status == 404)
        {
            return null;
        }
    }

    private static BlobRequestConditions? ConditionsOf(string? ifMatch) => ifMatch switch
    {
        null => null,
        Absent => new BlobRequestConditions { IfNoneMatch = ETag.All },
        _ => new BlobRequestConditions { IfMatch = new ETag(ifMatch) },
    };

    private static string TextOf(ETag etag) => etag.ToString("G").Trim('"');
}
