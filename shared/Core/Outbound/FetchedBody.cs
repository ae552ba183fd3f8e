using System.Net.Http.Headers;
using OpenClaw.Text;

namespace OpenClaw.Outbound;

/// <summary>Reads what an answer carries, with a bound on every way it can grow.</summary>
internal static class FetchedBody
{
    private const int MostInflation = 100;
    private const int MostNameCharacters = 255;

    /// <summary>Inflated bytes that need no reason, whatever came in so far.</summary>
    private const int FreeInflation = 64 * 1024;

    /// <exception cref="IOException">The body broke off, or a limit was passed.</exception>
    /// <exception cref="InvalidDataException">It is not compressed as its header says.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, long limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
        {
            throw new RefusedException("its body says that it is too large", FetchFailure.TooLarge);
        }

        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        await using var metered = new MeteredStream(body, limit, time, cancellationToken);
        await using var plain = Inflate(metered, content.Headers.ContentEncoding);
        using var buffer = new PooledBuffer();
        while (await ReadAsync(plain, buffer.GetMemory(1), cancellationToken) is > 0 and var read)
        {
            buffer.Advance(read);
            if (buffer.Length > limit)
            {
                throw new RefusedException("its body inflates to too much", FetchFailure.TooLarge);
            }

            if (plain != metered && buffer.Length > FreeInflation && buffer.Length > metered.Count * MostInflation)
            {
                throw new RefusedException("its body inflates too strongly", FetchFailure.TooLarge);
            }
        }

        return buffer.Span.ToArray();
    }

    private static async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (ContentCoding.IsMalformed(exception))
        {
            throw new InvalidDataException("The body is not compressed as its header says.", exception);
        }
    }

    /// <summary>None is asked for, but some servers compress anyway.</summary>
    private static Stream Inflate(MeteredStream body, ICollection<string> codings) =>
        ContentCoding.Decode(body, [.. codings])
            ?? throw new RefusedException("its body is compressed more than once or in an unknown way");

    public static FetchedContent Describe(byte[] bytes, HttpContentHeaders headers, Uri source)
    {
        var type = headers.ContentType;
        return new(bytes, type?.MediaType?.ToLowerInvariant(), Filled(type?.CharSet?.Trim('"')), FileNameOf(
            headers.ContentDisposition, source));
    }

    private static string? FileNameOf(ContentDispositionHeaderValue? disposition, Uri source)
    {
        var name = Filled(disposition?.FileNameStar) ?? Filled(disposition?.FileName?.Trim('"'))
            ?? Uri.UnescapeDataString(source.Segments[^1]);
        name = string.Concat(
            name[(name.TrimEnd('/').LastIndexOfAny(['/', '\\']) + 1)..].TrimEnd('/').Where(c => !char.IsControl(c))).Trim();
        name = name.Length > MostNameCharacters ? name[..MostNameCharacters] : name;
        return name is "." or ".." ? null : Filled(name);
    }

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
