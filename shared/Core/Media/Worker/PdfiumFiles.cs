using System.Security.Cryptography;

namespace OpenClaw.Media.Worker;

/// <summary>Finds PDFium as machine code: beside the executable, where packaging made it, else in this user's cache, where it is made once
/// (some seconds).</summary>
internal sealed class PdfiumFiles(MediaWorkerOptions options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan CompileTime = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private Task<string?>? _search;
    private MediaFolder? _temporary;

    private string Packaged => PackagedIn(options.PdfiumFolder);

    private string Portable => PortableIn(options.PdfiumFolder);

    public static bool Exist(string folder) => File.Exists(PackagedIn(folder)) || File.Exists(PortableIn(folder));

    /// <returns>Null: PDFium is not there.</returns>
    public Task<string?> FindAsync()
    {
        lock (_lock)
        {
            return _search ??= Task.Run(() => File.Exists(Packaged) ? Task.FromResult<string?>(Packaged) : CompileAsync(isFresh: false));
        }
    }

    /// <summary>The file does not load here, for it was made for another processor or version: makes one for this.</summary>
    /// <returns>Null: that cannot help.</returns>
    public Task<string?> ReplaceAsync(string unusable)
    {
        lock (_lock)
        {
            return _search = _search is { IsCompletedSuccessfully: true, Result: { } current } && current != unusable
                ? _search
                : Task.Run(() => CompileAsync(isFresh: true));
        }
    }

    public void Dispose() => _temporary?.Dispose();

    private async Task<string?> CompileAsync(bool isFresh)
    {
        if (!File.Exists(Portable))
        {
            return null;
        }

        var folder = FindCache();
        var module = Path.Combine(folder, $"pdfium-{await HashAsync()}.cwasm");
        if (File.Exists(module) && !isFresh)
        {
            return module;
        }

        DeleteUnfinished(folder);
        var unfinished = $"{module}.{Guid.NewGuid():N}";
        using var end = new CancellationTokenSource(CompileTime);
        using var compiler = MediaWorkerChild.Start(options.Program, "compile", Portable, unfinished);
        if (!await compiler.SucceedsAsync(end.Token))
        {
            File.Delete(unfinished);
            return null;
        }

        File.Move(unfinished, module, overwrite: true);
        return module;
    }

    /// <summary>Of gateways that were killed meanwhile.</summary>
    private void DeleteUnfinished(string folder)
    {
        var limit = clock.GetUtcNow() - (CompileTime * 2);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("pdfium-*.cwasm.*").Where(f => f.LastWriteTimeUtc < limit))
        {
            file.Delete();
        }
    }

    /// <summary>Only the current user may write there, because its content is executed.</summary>
    private string FindCache()
    {
        var own = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        try
        {
            return own.Length == 0 ? Temporary() : OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(Path.Combine(own, "openclaw")).FullName
                : Directory.CreateDirectory(
                    Path.Combine(own, "openclaw"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Temporary();
        }
    }

    private string Temporary() => (_temporary ??= MediaFolder.Create()).Path;

    private static string PackagedIn(string folder) => Path.Combine(folder, "pdfium.cwasm");

    private static string PortableIn(string folder) => Path.Combine(folder, "pdfium.wasm");

    private async Task<string> HashAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(await File.ReadAllBytesAsync(Portable));
        var engine = Path.Combine(MediaWorkerProgram.Folder, "Wasmtime.Dotnet.dll");
        hash.AppendData(File.Exists(engine) ? await File.ReadAllBytesAsync(engine) : []);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
