using System.Text;
using System.Text.RegularExpressions;

namespace OpenClaw.Media.Documents;

/// <summary>Bytes of a text file as text.</summary>
internal static partial class TextDecoder
{
    /// <summary>How far into a page its charset is looked for. Source: HTML, "prescan a byte stream".</summary>
    private const int PrescanBytes = 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Lazy<EncodingProvider> Legacy = new(() => CodePagesEncodingProvider.Instance);

    /// <summary>By byte order mark, else by the charset that was declared or that a page names, else UTF-8, else windows-1252.</summary>
    /// <param name="isHtml">Whether a <c>meta</c> element may name the charset.</param>
    /// <exception cref="MediaException"><c>unreadable_file</c>: this is no text.</exception>
    public static string Decode(ReadOnlySpan<byte> content, string? charset, bool isHtml)
    {
        var (encoding, mark) = ReadMark(content);
        content = content[mark..];
        encoding ??= Find(charset) ?? (isHtml ? Find(ReadMeta(content)) : null);
        var text = encoding is not null ? encoding.GetString(content) : DecodeUnknown(content);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new MediaException(MediaException.Unreadable, "The file is not text: it holds zero bytes.")
            : text;
    }

    private static (Encoding? Encoding, int Length) ReadMark(ReadOnlySpan<byte> content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    /// <summary>Null for a name that means nothing: the bytes then decide.</summary>
    private static Encoding? Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        try
        {
            // UTF-7 could hide markup from whoever looks at the bytes; the base library refuses it.
            return Legacy.Value.GetEncoding(name.Trim()) ?? Encoding.GetEncoding(name.Trim());
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string? ReadMeta(ReadOnlySpan<byte> content)
    {
        var match = MetaCharset().Match(Encoding.Latin1.GetString(content[..Math.Min(content.Length, PrescanBytes)]));
        return match.Success ? match.Groups[1].Value : null;
    }

    private static string DecodeUnknown(ReadOnlySpan<byte> content)
    {
        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return Legacy.Value.GetEncoding(1252)!.GetString(content);
        }
    }

    [GeneratedRegex(@"<meta[^>]{0,200}charset\s*=\s*[""']?\s*([A-Za-z0-9_:.\-]{1,40})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MetaCharset();
}
