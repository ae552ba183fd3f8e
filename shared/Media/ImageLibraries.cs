namespace OpenClaw.Media;

/// <summary>Where libheif, libjpeg-turbo, libpng and libwebp are.</summary>
/// <param name="Folder">Null leaves the search to the system's loader.</param>
public sealed record ImageLibraries(string? Folder)
{
    public static IReadOnlyList<string> Names { get; } = ["libheif.so.1", "libturbojpeg.so.0", "libpng16.so.16", "libwebp.so.7"];

    /// <summary>Of libheif's codecs, on systems that have them apart.</summary>
    public string? Plugins => Folder is null ? null : Path.Combine(Folder, "libheif");

    /// <summary>What a process that loads them must have in its environment from its start.</summary>
    public IReadOnlyDictionary<string, string> Environment => Folder is null
        ? new Dictionary<string, string>()
        : new Dictionary<string, string>(StringComparer.Ordinal) { ["LD_LIBRARY_PATH"] = Folder, ["LIBHEIF_PLUGIN_PATH"] = Plugins! };
}
