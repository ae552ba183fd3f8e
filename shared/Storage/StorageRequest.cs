using Azure;
using Azure.Core;

namespace OpenClaw.Storage;

/// <summary>One operation, kept apart from the message that carries it so that it can be sent again.</summary>
/// <param name="Method">HTTP verb.</param>
/// <param name="Path">Path and query below the service's endpoint, percent-encoded exactly as it goes out and is signed.</param>
/// <param name="Target">What it works on, for error texts: <c>table 'turns'</c>.</param>
internal sealed record StorageRequest(RequestMethod Method, string Path, string Target)
{
    public List<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>Must stay unchanged until the reply is there.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public bool HasBody { get; init; }

    /// <summary>Leaves the reply's body on the network for <see cref="StorageReply.TakeStream"/> when the status is a success.</summary>
    public bool StreamsReply { get; init; }

    /// <summary>Finds the status that decides on a retry inside a reply whose own status says nothing (a batch).</summary>
    public Func<StorageReply, int>? InnerStatus { get; init; }

    public StorageRequest With(string name, string? value)
    {
        if (value is not null)
        {
            Headers.Add(new(name, value));
        }

        return this;
    }

    public StorageRequest IfMatch(ETag? etag) => etag is { } value ? With("If-Match", Format(value)) : this;

    public StorageRequest IfNoneMatch(ETag? etag) => etag is { } value ? With("If-None-Match", Format(value)) : this;

    public static string Format(ETag etag) => etag == ETag.All ? "*" : etag == default
        ? throw new ArgumentException("The ETag is empty: it must come from a read or a write, or be ETag.All.", nameof(etag))
        : etag.ToString("H");
}
