using System.Runtime.InteropServices;
using OpenClaw.Media;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>Where this process takes its decoders from.</summary>
internal static class NativeLibraries
{
    public const string Heif = "libheif.so.1";

    public const string TurboJpeg = "libturbojpeg.so.0";

    public const string Png = "libpng16.so.16";

    public const string WebP = "libwebp.so.7";

    /// <param name="folder">Null leaves the search to the system's loader.</param>
    public static void Use(string? folder) =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => Load(folder, name));

    private static nint Load(string? folder, string name) =>
        !ImageLibraries.Names.Contains(name) ? 0
        : folder is null ? NativeLibrary.Load(name)
        : NativeLibrary.Load(Path.Combine(folder, name));
}
