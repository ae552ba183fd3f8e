using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace OpenClaw.Storage;

/// <summary>
/// Signs a request with the account's key, each try anew because the date is part of it.
/// Source: learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key.
/// </summary>
internal abstract class SharedKeyPolicy(string account, byte[] key, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    public sealed override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        request.Headers.SetValue("x-ms-date", time.GetUtcNow().ToString("R"));
        request.Headers.SetValue("Authorization", $"SharedKey {account}:{Sign(StringToSign(request))}");
    }

    protected abstract string StringToSign(Request request);

    /// <summary>The path as it is sent: percent-encoded, and with the emulator's leading account segment kept.</summary>
    protected string Resource(Request request) => $"/{account}{request.Uri.ToUri().AbsolutePath}";

    protected static string Header(Request request, string name) => request.Headers.TryGetValue(name, out var value) ? value : "";

    private string Sign(string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, bytes);
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes.AsSpan(0, length), signature);
        ArrayPool<byte>.Shared.Return(bytes);
        return Convert.ToBase64String(signature);
    }
}

/// <summary>The Table flavour: four headers' values and the resource. No <c>x-ms-*</c> headers, no query but <c>comp</c>, which we never send.</summary>
internal sealed class TableSharedKeyPolicy(string account, byte[] key, TimeProvider time) : SharedKeyPolicy(account, key, time)
{
    protected override string StringToSign(Request request) =>
        $"{request.Method.Method}\n{Header(request, "Content-MD5")}\n{Header(request, "Content-Type")}\n{Header(request, "x-ms-date")}\n{Resource(request)}";
}

/// <summary>The Blob and Queue flavour: eleven headers' values, all <c>x-ms-*</c> headers and all query parameters, both sorted.</summary>
internal sealed class BlobSharedKeyPolicy(string account, byte[] key, TimeProvider time) : SharedKeyPolicy(account, key, time)
{
    protected override string StringToSign(Request request)
    {
        var text = new StringBuilder(512)
            .Append(request.Method.Method).Append('\n')
            .Append(Header(request, "Content-Encoding")).Append('\n')
            .Append(Header(request, "Content-Language")).Append('\n')
            .Append(request.Content is { } content && content.TryComputeLength(out var length) && length > 0 ? length : null).Append('\n')
            .Append(Header(request, "Content-MD5")).Append('\n')
            .Append(Header(request, "Content-Type")).Append('\n')
            .Append('\n') // Date: x-ms-date stands for it
            .Append(Header(request, "If-Modified-Since")).Append('\n')
            .Append(Header(request, "If-Match")).Append('\n')
            .Append(Header(request, "If-None-Match")).Append('\n')
            .Append(Header(request, "If-Unmodified-Since")).Append('\n')
            .Append(Header(request, "Range")).Append('\n');
        foreach (var (name, value) in Sorted(ServiceHeaders(request)))
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        text.Append(Resource(request));
        foreach (var (name, value) in Sorted(QueryParameters(request.Uri.ToUri().Query)))
        {
            text.Append('\n').Append(name).Append(':').Append(value);
        }

        return text.ToString();
    }

    private static List<KeyValuePair<string, string>> ServiceHeaders(Request request)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var header in request.Headers)
        {
            if (header.Name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            {
                headers.Add(new(header.Name.ToLowerInvariant(), header.Value.Trim()));
            }
        }

        return headers;
    }

    private static List<KeyValuePair<string, string>> QueryParameters(string query)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var range in query.AsSpan().TrimStart('?').Split('&'))
        {
            var parameter = query.AsSpan().TrimStart('?')[range];
            if (parameter.IndexOf('=') is > 0 and var equals)
            {
                parameters.Add(new(parameter[..equals].ToString().ToLowerInvariant(), Uri.UnescapeDataString(parameter[(equals + 1)..])));
            }
        }

        return parameters;
    }

    private static List<KeyValuePair<string, string>> Sorted(List<KeyValuePair<string, string>> pairs)
    {
        pairs.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return pairs;
    }
}
