using System.Runtime.InteropServices;

namespace OpenClaw.Media;

/// <summary>The native programs and libraries that read PDFs and images: looked for once, at first use.</summary>
public sealed class MediaTools
{
    private readonly Lazy<PdfTools?> _pdf = new(FindPdfTools);
    private readonly Lazy<ImageLibraries?> _images = new(FindImageLibraries);

    /// <summary>Null when PDFs cannot be read here.</summary>
    public PdfTools? Pdf => _pdf.Value;

    /// <summary>Null when images cannot be converted here.</summary>
    public ImageLibraries? Images => _images.Value;

    private static PdfTools? FindPdfTools() =>
        FindProgram("pdftotext") is { } text && FindProgram("pdftoppm") is { } raster ? new PdfTools(text, raster) : null;

    private static NativeProgram? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } path ? new NativeProgram(path) : null;

    private static ImageLibraries? FindImageLibraries() =>
        ImageLibraries.Names.All(name => IsLoadable(name)) ? new ImageLibraries(null) : null;

    private static bool IsLoadable(string name)
    {
        if (!NativeLibrary.TryLoad(name, out var handle))
        {
            return false;
        }

        NativeLibrary.Free(handle);
        return true;
    }
}

/// <summary>poppler's programs.</summary>
public sealed record PdfTools(NativeProgram Text, NativeProgram Raster);

/// <summary>Where libheif, libjpeg-turbo, libpng and libwebp are.</summary>
/// <param name="Folder">Null leaves the search to the system's loader.</param>
public sealed record ImageLibraries(string? Folder)
{
    public static IReadOnlyList<string> Names { get; } = ["libheif.so.1", "libturbojpeg.so.0", "libpng16.so.16", "libwebp.so.7"];
}
