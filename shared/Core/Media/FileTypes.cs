namespace OpenClaw.Media;

/// <summary>What kind of file something is: its bytes decide, what was declared must not contradict them.</summary>
internal static class FileTypes
{
    public const string Pdf = "application/pdf";
    public const string Html = "text/html";
    public const string Text = "text/plain";

    /// <summary>Types by which servers and clients say nothing.</summary>
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal)
    {
        MediaTypes.Unknown, "binary/octet-stream", "application/binary", "application/x-download", "application/force-download",
            "application/unknown",
    };

    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".txt"] = Text,
        [".text"] = Text,
        [".log"] = Text,
        [".md"] = "text/markdown",
        [".markdown"] = "text/markdown",
        [".html"] = Html,
        [".htm"] = Html,
        [".csv"] = "text/csv",
        [".json"] = "application/json",
        [".pdf"] = Pdf,
    };

    /// <summary>Lower case, one name a type; null for one that says nothing.</summary>
    public static string? Canonical(string? mediaType) =>
        MediaTypes.Canonical(mediaType) is { } type && !Silent.Contains(type) ? type : null;

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
