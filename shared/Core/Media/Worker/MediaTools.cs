using System.Runtime.InteropServices;

namespace OpenClaw.Media.Worker;

/// <summary>Whether this gateway can read PDFs and convert images. False in both is no failure: the answer to such a file says
/// so.</summary>
/// <param name="Images">HEIC, HEIF and AVIF; the other kinds need nothing that can be missing alone.</param>
public sealed record MediaToolsStatus(bool Pdf, bool Images);

/// <summary>What can be read on this system. It starts no process to find out: what counts is how the last use ended, and before the first
/// use whether the files are there.</summary>
public sealed class MediaTools(MediaWorkerOptions options, MediaWorkers workers)
{
    public MediaToolsStatus Status => new(
        workers.ReadsPdf ?? (HasProgram && HasPdfium && HasLibrary(Wasmtime)),
        workers.ReadsHeif ?? (HasProgram && HasLibrary(Magick)));

    private static string Wasmtime =>
        OperatingSystem.IsWindows() ? "wasmtime.dll" : OperatingSystem.IsMacOS() ? "libwasmtime.dylib" : "libwasmtime.so";

    private static string Magick =>
        $"Magick.Native-Q8-{Architecture}.dll" + (OperatingSystem.IsWindows() ? "" : OperatingSystem.IsMacOS() ? ".dylib" : ".so");

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string Platform =>
        OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx"
        : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl"
        : "linux";

    private bool HasProgram => File.Exists(options.Program.File);

    private bool HasPdfium => PdfiumFiles.Exist(options.PdfiumFolder);

    /// <summary>Beside the assemblies in a package for one system; in a folder of its system otherwise.</summary>
    private static bool HasLibrary(string name) =>
        File.Exists(Path.Combine(MediaWorkerProgram.Folder, name))
        || File.Exists(Path.Combine(MediaWorkerProgram.Folder, "runtimes", $"{Platform}-{Architecture}", "native", name));
}
