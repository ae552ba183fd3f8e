using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace OpenClaw.Text;

/// <summary>Content codings of HTTP: decompresses bodies that arrive compressed. Source: RFC 9110 section 8.4.1, RFC 9659 for
/// zstd.</summary>
public static class ContentCoding
{
    /// <summary>The names as an <c>Accept-Encoding</c> header lists them.</summary>
    public const string Accepted = "gzip, deflate, br, zstd";

    /// <summary>A decoder may ask for a window of up to 8 MiB (RFC 9659); more would let one small body take all memory.</summary>
    private const int MaxWindowLog = 23;

    /// <summary>The decoded bytes of a body; the body itself when it has no coding; null when the coding is unknown or there are
    /// several. Closing the result leaves the body open.</summary>
    /// <param name="codings">The values of <c>Content-Encoding</c>, split at commas.</param>
    public static Stream? Decode(Stream body, IReadOnlyCollection<string> codings) =>
        (codings.Count, codings.FirstOrDefault()?.Trim().ToLowerInvariant()) switch
        {
            (0, _) or (1, "identity" or "") => body,
            (1, "gzip" or "x-gzip") => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
            (1, "br") => new BrotliStream(body, CompressionMode.Decompress, leaveOpen: true),
            (1, "deflate") => new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true),
            (1, "zstd") => OpenZstd(body),
            _ => null,
        };

    /// <summary>Whether a decoder failed because the bytes are not what the header says. Brotli says so by an
    /// <see cref="InvalidOperationException"/>.</summary>
    public static bool IsMalformed(Exception failure) =>
        failure is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException;

    private static DecompressionStream OpenZstd(Stream body)
    {
        var stream = new DecompressionStream(body, leaveOpen: true);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        return stream;
    }
}
