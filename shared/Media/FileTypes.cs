namespace OpenClaw.Media;

/// <summary>What kind of file something is: its bytes decide, what was declared must not contradict them.</summary>
public static class FileTypes
{
    public const string Pdf = "application/pdf";
    public const string Html = "text/html";
    public const string Text = "text/plain";

    private const string Unknown = "application/octet-stream";

    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".txt"] = Text, [".text"] = Text, [".log"] = Text,
        [".md"] = "text/markdown", [".markdown"] = "text/markdown",
        [".html"] = Html, [".htm"] = Html,
        [".csv"] = "text/csv",
        [".json"] = "application/json",
        [".pdf"] = Pdf,
    };

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["text/x-markdown"] = "text/markdown",
        ["application/csv"] = "text/csv", ["text/comma-separated-values"] = "text/csv",
        ["text/json"] = "application/json", ["application/x-json"] = "application/json",
        ["application/x-pdf"] = Pdf,
        ["application/xhtml+xml"] = Html,
        ["image/jpg"] = "image/jpeg", ["image/pjpeg"] = "image/jpeg", ["image/x-png"] = "image/png",
    };

    /// <summary>Lower case, one name a type; null for one that says nothing.</summary>
    public static string? Canonical(string? mediaType)
    {
        var type = mediaType?.Split(';')[0].Trim().ToLowerInvariant();
        return type is null or "" or Unknown ? null : Aliases.GetValueOrDefault(type, type);
    }

    /// <summary>By what was declared, else by the name; null when neither says.</summary>
    public static string? Expect(string? declared, string? name) =>
        Canonical(declared) ?? ByExtension.GetValueOrDefault(Path.GetExtension(name ?? ""));

    /// <exception cref="MediaException"><c>unsupported_media_type</c>: the bytes are something else.</exception>
    public static string Resolve(string? declared, string? name, ReadOnlySpan<byte> content)
    {
        var expected = Expect(declared, name);
        var found = Canonical(MediaTypes.Sniff(content));
        return found is null ? expected ?? Text
            : expected is null || expected == found || (IsImage(expected) && IsImage(found)) ? found
            : throw new MediaException(MediaException.UnsupportedType, $"The file was sent as {expected}, but it is {found}.");
    }

    public static bool IsImage(string mediaType) => mediaType.StartsWith("image/", StringComparison.Ordinal);
}
