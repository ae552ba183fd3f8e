using System.Buffers;
using System.Text;
using OpenClaw.Errors;

namespace OpenClaw.Media;

/// <summary>What a file is: by its first bytes, by what was declared, and whether a browser may show it.</summary>
public static class MediaTypes
{
    /// <summary>Bytes that <see cref="Sniff"/> looks at, at the most.</summary>
    public const int StartBytes = 64;

    public const string Unknown = "application/octet-stream";

    private const string Zip = "application/zip";

    private static readonly SearchValues<char> NameChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+/");

    /// <summary>Other names of types.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["image/jpg"] = "image/jpeg",
        ["image/pjpeg"] = "image/jpeg",
        ["image/x-png"] = "image/png",
        ["application/x-pdf"] = "application/pdf",
        ["application/x-zip-compressed"] = Zip,
        ["application/x-zip"] = Zip,
        ["audio/x-wav"] = "audio/wav",
        ["audio/wave"] = "audio/wav",
        ["audio/vnd.wave"] = "audio/wav",
        ["audio/mp3"] = "audio/mpeg",
        ["audio/x-m4a"] = "audio/mp4",
        ["audio/m4a"] = "audio/mp4",
        ["text/x-markdown"] = "text/markdown",
        ["application/csv"] = "text/csv",
        ["text/comma-separated-values"] = "text/csv",
        ["text/json"] = "application/json",
        ["application/x-json"] = "application/json",
        ["application/xhtml+xml"] = "text/html",
    };

    /// <summary>Containers whose first bytes leave open what is in them.</summary>
    private static readonly Dictionary<string, string[]> Families = new(StringComparer.Ordinal)
    {
        ["video/mp4"] = ["video/mp4", "audio/mp4", "video/quicktime", "audio/aac", "video/3gpp", "audio/3gpp", "video/x-m4v"],
        ["application/ogg"] = ["application/ogg", "audio/ogg", "video/ogg", "audio/opus", "audio/vorbis"],
        ["image/heic"] = ["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"],
        ["image/avif"] = ["image/avif", "image/avif-sequence", "image/heif"],
    };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif", "application/pdf", Zip,
        "video/mp4", "audio/mp4", "application/ogg", "audio/ogg", "video/ogg", "audio/wav", "audio/mpeg",
    };

    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
    {
        "application/json", "application/xml", "application/javascript", "application/ecmascript", "application/x-ndjson",
            "application/jsonl",
        "application/yaml", "application/x-yaml", "application/toml", "application/sql", "application/rtf", "image/svg+xml",
    };

    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal)
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif",
        "audio/mpeg", "audio/wav", "audio/ogg", "audio/mp4", "audio/opus", "audio/aac", "application/ogg", "video/mp4", "video/ogg",
            "video/quicktime",
    };

    /// <summary>Types that no browser runs, even where it shows them against the header's will.</summary>
    private static readonly HashSet<string> Inert = new(StringComparer.Ordinal)
    {
        "application/pdf", Zip, "application/json", "text/plain", "text/csv", "text/markdown", "image/heic", "image/heif",
    };

    private static readonly (string Type, string Extension)[] Extensions =
    [
        ("image/png", ".png"), ("image/jpeg", ".jpg"), ("image/gif", ".gif"), ("image/webp", ".webp"), ("image/heic", ".heic"),
        ("image/heif", ".heif"), ("image/avif", ".avif"), ("application/pdf", ".pdf"), (Zip, ".zip"), ("video/mp4", ".mp4"),
        ("audio/mp4", ".m4a"), ("application/ogg", ".ogg"), ("audio/ogg", ".ogg"), ("audio/wav", ".wav"), ("audio/mpeg", ".mp3"),
        ("application/json", ".json"), ("text/csv", ".csv"), ("text/markdown", ".md"), ("text/plain", ".txt"),
    ];

    /// <summary>The type by magic numbers; null when they say nothing. Source: WHATWG MIME Sniffing, ISO/IEC 14496-12 and 23008-12
    /// (brands), RFC 3533.</summary>
    /// <param name="start">The first <see cref="StartBytes"/> or more, or all.</param>
    public static string? Sniff(ReadOnlySpan<byte> start) =>
        start.StartsWith(PngSignature) ? "image/png"
        : start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? "image/jpeg"
        : start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8) ? "image/gif"
        : start.StartsWith("%PDF-"u8) ? "application/pdf"
        : start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8) ? Zip
        : start.StartsWith("OggS"u8) ? "application/ogg"
        : start.StartsWith("RIFF"u8) && start.Length >= 12 ? SniffRiff(start.Slice(8, 4))
        : start.Length >= 12 && start[4..].StartsWith("ftyp"u8) ? SniffBrand(start)
        : start.StartsWith("ID3"u8) || IsMpegAudio(start) ? "audio/mpeg"
        : null;

    /// <summary>What a file is, from what was declared and what its first bytes say.</summary>
    /// <param name="declared">As in <c>Content-Type</c>; null or <c>application/octet-stream</c> leaves it to the bytes.</param>
    /// <exception cref="GatewayException"><c>400 media_type_mismatch</c>.</exception>
    public static string Decide(string? declared, ReadOnlySpan<byte> start)
    {
        var found = Sniff(start);
        var named = Canonical(declared);
        if (named is null or Unknown)
        {
            return found ?? Unknown;
        }

        if (found is null)
        {
            return Known.Contains(named) ? throw Mismatch(named, "not of that type") : named;
        }

        var fits = named == found
            || (Families.TryGetValue(found, out var family) && family.Contains(named))
            || (found == Zip && IsZipBased(named));
        return fits ? named : throw Mismatch(named, $"'{found}'");
    }

    /// <summary>Lower case, without parameters, one name per type; null for none that means anything.</summary>
    public static string? Canonical(string? declared)
    {
        var type = (declared ?? "").Split(';')[0].Trim().ToLowerInvariant();
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == type.Length - 1 || type.Length > 127 || type.Count('/') > 1
            || type.AsSpan().ContainsAnyExcept(NameChars)
            || type == "application/x-www-form-urlencoded") // what curl declares unless told otherwise
        {
            return null;
        }

        return Aliases.GetValueOrDefault(type, type);
    }

    /// <summary>Whether a type is text, which has no magic number but no zero byte either.</summary>
    public static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)
        || type.EndsWith("+json", StringComparison.Ordinal) || Texts.Contains(type);

    /// <summary>Whether the text starts with a mark that allows zero bytes after it.</summary>
    public static bool IsWideText(ReadOnlySpan<byte> start) =>
        start.StartsWith(Encoding.Unicode.Preamble) || start.StartsWith(Encoding.BigEndianUnicode.Preamble);

    /// <summary>Whether a browser may show it in place; everything else is a download.</summary>
    public static bool IsShown(string type) => Shown.Contains(type);

    /// <summary>The type under which it is served: never one that a browser would run.</summary>
    public static string ToServed(string type, string? charset) =>
        Shown.Contains(type) ? type
        : !Inert.Contains(type) ? Unknown
        : type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset={charset ?? "utf-8"}" : type;

    /// <summary>With the dot; empty when none is known.</summary>
    public static string ExtensionOf(string type) => Array.Find(Extensions, e => e.Type == type).Extension ?? "";

    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    private static string? SniffRiff(ReadOnlySpan<byte> form) =>
        form.SequenceEqual("WEBP"u8) ? "image/webp" : form.SequenceEqual("WAVE"u8) ? "audio/wav" : null;

    /// <summary>The major brand decides; <c>mif1</c> and <c>msf1</c> stand for several, so the compatible ones do then.</summary>
    private static string SniffBrand(ReadOnlySpan<byte> start)
    {
        var end = Math.Min(start.Length & ~3, Math.Max(16, start[0] == 0 && start[1] == 0 ? (start[2] << 8) | start[3] : 0));
        for (var at = 8; at + 4 <= end; at = at == 8 ? 16 : at + 4)
        {
            var brand = start.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
            {
                return "image/avif";
            }

            if (brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("hevc"u8)
                || brand.SequenceEqual("hevx"u8)
                || brand.SequenceEqual("heim"u8) || brand.SequenceEqual("heis"u8))
            {
                return "image/heic";
            }

            if (at == 8 && !brand.SequenceEqual("mif1"u8) && !brand.SequenceEqual("msf1"u8))
            {
                return "video/mp4";
            }
        }

        return "image/heic";
    }

    /// <summary>A frame header of MPEG audio, layers II and III, none of its fields reserved.</summary>
    private static bool IsMpegAudio(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && start[0] == 0xff && (start[1] & 0xe0) == 0xe0 && (start[1] & 0x18) != 0x08
            && ((start[1] & 0x06) is 0x02 or 0x04)
        && (start[2] & 0xf0) != 0xf0 && (start[2] & 0xf0) != 0 && (start[2] & 0x0c) != 0x0c;

    private static bool IsZipBased(string type) =>
        type.EndsWith("+zip", StringComparison.Ordinal) || type == "application/java-archive"
            || type == "application/vnd.android.package-archive"
        || type.StartsWith("application/vnd.openxmlformats-officedocument.", StringComparison.Ordinal)
        || type.StartsWith("application/vnd.oasis.opendocument.", StringComparison.Ordinal)
        || (type.StartsWith("application/vnd.ms-", StringComparison.Ordinal) && type.Contains(".macroenabled", StringComparison.Ordinal));

    private static GatewayException Mismatch(string declared, string found) => new(GatewayError.MediaTypeMismatch(declared, found));
}
