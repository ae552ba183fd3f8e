using System.Buffers.Text;

namespace OpenClaw.Media;

/// <summary>A <c>data:</c> URL. Source: RFC 2397.</summary>
public sealed class DataUrl
{
    private const string Scheme = "data:";

    private readonly string _url;
    private readonly int _start;

    private DataUrl(string url, int start) => (_url, _start) = (url, start);

    /// <summary>Lower case, without parameters; null when the URL names none.</summary>
    public string? MediaType { get; private init; }

    public string? Charset { get; private init; }

    public bool IsBase64 { get; private init; }

    /// <summary>At most so many bytes come out: known before anything is decoded.</summary>
    public long MaxLength => IsBase64 ? Base64.GetMaxDecodedFromUtf8Length(_url.Length - _start) - Padding : _url.Length - _start;

    private int Padding => _url.EndsWith("==", StringComparison.Ordinal) ? 2 : _url.EndsWith('=') ? 1 : 0;

    public static bool IsOne(string url) => url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when there is no comma, or no <c>data:</c>.</summary>
    public static DataUrl? Parse(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !IsOne(url))
        {
            return null;
        }

        var fields = url[Scheme.Length..comma].Split(';', StringSplitOptions.TrimEntries);
        return new DataUrl(url, comma + 1)
        {
            MediaType = fields[0].Length > 0 ? fields[0].ToLowerInvariant() : null,
            Charset = fields.Skip(1).Where(f => f.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)).Select(
                f => f["charset=".Length..].Trim('"')).FirstOrDefault(),
            IsBase64 = fields.Length > 1 && fields[^1].Equals("base64", StringComparison.OrdinalIgnoreCase),
        };
    }

    public static string Create(string mediaType, ReadOnlySpan<byte> content) =>
        $"{Scheme}{mediaType};base64,{Convert.ToBase64String(content)}";

    /// <summary>The content; null when it is not valid base64 or not a valid URL.</summary>
    public byte[]? TryDecode()
    {
        if (!IsBase64)
        {
            var text = _url[_start..];
            return text.All(char.IsAscii) ? DecodePercent(text) : null;
        }

        var bytes = new byte[MaxLength + Padding];
        if (!Convert.TryFromBase64Chars(_url.AsSpan(_start), bytes, out var written))
        {
            return null;
        }

        Array.Resize(ref bytes, written);
        return bytes;
    }

    private static byte[]? DecodePercent(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                bytes.Add((byte)text[i]);
            }
            else if (i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return [.. bytes];
    }
}
