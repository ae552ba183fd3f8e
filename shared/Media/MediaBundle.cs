using System.Runtime.InteropServices;

namespace OpenClaw.Media;

/// <summary>A folder that <c>infra/media-tools</c> made. Its programs start through the system's loader, which finds their
/// libraries and asks for no execute bit: archives lose it.</summary>
public sealed class MediaBundle
{
    private static readonly ToolLimits ProbeLimits = new(TimeSpan.FromSeconds(10), 64 * 1024);

    private readonly string _folder;
    private readonly string _loader;

    private MediaBundle(string folder, string loader)
    {
        (_folder, _loader) = (folder, loader);
        Images = new ImageLibraries(Libraries);
        Pdf = new PdfTools(FindProgram("pdftotext"), FindProgram("pdftoppm"));
    }

    public PdfTools Pdf { get; }

    public ImageLibraries Images { get; }

    private static string? Loader => (OperatingSystem.IsLinux(), RuntimeInformation.ProcessArchitecture) switch
    {
        (true, Architecture.X64) => "/lib64/ld-linux-x86-64.so.2",
        (true, Architecture.Arm64) => "/lib/ld-linux-aarch64.so.1",
        _ => null,
    };

    private string Libraries => Path.Combine(_folder, "lib");

    /// <returns>Null when the folder holds none, or this system has no loader for it.</returns>
    public static MediaBundle? Open(string folder) =>
        File.Exists(Path.Combine(folder, "manifest.json")) && Loader is { } loader && File.Exists(loader)
            ? new MediaBundle(Path.GetFullPath(folder), loader)
            : null;

    /// <param name="name">One of <c>bin</c>.</param>
    public NativeProgram FindProgram(string name) => Start(Path.Combine(_folder, "bin", name), Libraries);

    /// <summary>One of those that the tests make samples with; null when the bundle was made without it.</summary>
    public NativeProgram? FindTestProgram(string name)
    {
        var file = Path.Combine(_folder, "test", "bin", name);
        var libraries = Path.Combine(_folder, "test", "lib");
        return File.Exists(file) ? Start(file, $"{libraries}:{Libraries}", Path.Combine(libraries, "libheif")) : null;
    }

    /// <summary>Whether poppler's programs start here.</summary>
    public async Task<bool> CanReadPdfAsync(CancellationToken cancellationToken) =>
        await SucceedsAsync(Pdf.Text, ["-v"], cancellationToken) && await SucceedsAsync(Pdf.Raster, ["-v"], cancellationToken);

    /// <summary>Whether the loader finds all that the image libraries need.</summary>
    public async Task<bool> CanConvertImagesAsync(CancellationToken cancellationToken)
    {
        foreach (var name in ImageLibraries.Names)
        {
            if (!await SucceedsAsync(new NativeProgram(_loader), ["--library-path", Libraries, "--list", Path.Combine(Libraries, name)], cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<bool> SucceedsAsync(NativeProgram program, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await ToolProcess.RunAsync(program, arguments, default, ProbeLimits, cancellationToken) is { ExitCode: 0, IsTimedOut: false };
        }
        catch (MediaException)
        {
            return false;
        }
    }

    private NativeProgram Start(string file, string libraries, string? plugins = null) => new(_loader)
    {
        FirstArguments = ["--library-path", libraries, file],
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["FONTCONFIG_FILE"] = Path.Combine(_folder, "etc", "fonts.conf"),
            ["XDG_DATA_HOME"] = _folder,
            ["XDG_DATA_DIRS"] = _folder,
            ["LIBHEIF_PLUGIN_PATH"] = plugins ?? Images.Plugins!,
        },
    };
}
