using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OpenClaw.Media;

/// <summary>The native programs and libraries that read PDFs and images: looked for once, at first use, and once more when a
/// bundle has come.</summary>
/// <param name="options">Null for those of this process's environment.</param>
public sealed partial class MediaTools(ILogger<MediaTools>? logger = null, MediaToolsOptions? options = null)
{
    private readonly ILogger _logger = logger ?? NullLogger<MediaTools>.Instance;
    private readonly Lock _lock = new();
    private MediaToolsOptions _options = options ?? MediaToolsOptions.FromEnvironment(Environment.GetEnvironmentVariable);
    private Task<Found>? _search;

    /// <summary>Null when PDFs cannot be read here. The first use waits some milliseconds for the search.</summary>
    public PdfTools? Pdf => Search().GetAwaiter().GetResult().Pdf;

    /// <summary>Null when images cannot be converted here. The first use waits some milliseconds for the search.</summary>
    public ImageLibraries? Images => Search().GetAwaiter().GetResult().Images;

    /// <summary>Never waits; begins the search when nobody has.</summary>
    public MediaToolsStatus Status => Search() is { IsCompletedSuccessfully: true, Result: var found }
        ? new MediaToolsStatus(found.Pdf is not null, found.Images is not null)
        : new MediaToolsStatus(null, null);

    /// <summary>A bundle that was not there at the start: it comes before all others.</summary>
    public void Use(string folder)
    {
        lock (_lock)
        {
            _options = _options with { Folders = [Path.GetFullPath(folder), .. _options.Folders] };
            _search = null;
        }
    }

    private Task<Found> Search()
    {
        lock (_lock)
        {
            var options = _options;
            return _search ??= Task.Run(() => FindAsync(options));
        }
    }

    private async Task<Found> FindAsync(MediaToolsOptions options)
    {
        PdfTools? pdf = null;
        ImageLibraries? images = null;
        foreach (var folder in options.Folders)
        {
            if (MediaBundle.Open(folder) is not { } bundle)
            {
                if (folder != MediaToolsOptions.BesideExecutable)
                {
                    LogNoBundle(folder);
                }
            }
            else
            {
                var canReadPdf = await bundle.CanReadPdfAsync(CancellationToken.None);
                var canConvertImages = await bundle.CanConvertImagesAsync(CancellationToken.None);
                pdf ??= canReadPdf ? bundle.Pdf : null;
                images ??= canConvertImages ? bundle.Images : null;
                if (!canReadPdf || !canConvertImages)
                {
                    LogUnusable(folder, canReadPdf ? "image libraries" : canConvertImages ? "PDF programs" : "PDF programs and image libraries");
                }
            }
        }

        return new Found(pdf ?? FindPdf(options), images ?? FindImages());
    }

    private static PdfTools? FindPdf(MediaToolsOptions options) =>
        options.FindProgram("pdftotext") is { } text && options.FindProgram("pdftoppm") is { } raster ? new PdfTools(text, raster) : null;

    /// <summary>Looked for, not loaded: a decoder has no business in this process.</summary>
    private static ImageLibraries? FindImages() =>
        ImageLibraries.Names.All(name => LibraryFolders().Any(folder => File.Exists(Path.Combine(folder, name)))) ? new ImageLibraries(null) : null;

    /// <summary>Where the loaders of Debian, Fedora, Alpine and their kin look.</summary>
    private static IEnumerable<string> LibraryFolders()
    {
        var triplet = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        return [$"/usr/lib/{triplet}", $"/lib/{triplet}", "/usr/lib64", "/lib64", "/usr/local/lib", "/usr/lib", "/lib"];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} holds no media tools for this system: infra/media-tools/assemble makes them")]
    private partial void LogNoBundle(string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The media tools in {Folder} do not run here: its {Parts} do not start. They were made for another system, or are damaged")]
    private partial void LogUnusable(string folder, string parts);

    private sealed record Found(PdfTools? Pdf, ImageLibraries? Images);
}
