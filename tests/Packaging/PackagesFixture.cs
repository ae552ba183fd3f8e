using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Packaging;

/// <summary>Tests of the deployment packages, which are made once.</summary>
[CollectionDefinition(Name)]
public sealed class PackageTests : ICollectionFixture<PackagesFixture>
{
    public const string Name = "packages";
}

/// <summary>The packages, made by <c>infra/package</c> from the sources as they are now. Compiling ahead of time is left out: it takes
/// minutes and changes no file but the assemblies.</summary>
public sealed class PackagesFixture : IAsyncLifetime
{
    public const string Functions = "openclaw-functions.zip";
    public const string SelfHost = "openclaw-selfhost.tar.gz";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-packages-");

    public string Folder => Path.Combine(_folder.FullName, "out");

    /// <summary>Whether packages can be made here.</summary>
    public static bool IsPossible =>
        OperatingSystem.IsLinux()
        && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64;

    public async ValueTask InitializeAsync()
    {
        if (IsPossible)
        {
            await PackAsync(Folder, "-p:PublishReadyToRun=false", "--keep-publish", Published);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Packs the same publish again.</summary>
    /// <returns>The folder of the packages.</returns>
    public async Task<string> PackAgainAsync()
    {
        var other = Path.Combine(_folder.FullName, "a second", "time");
        await PackAsync(other, "--from-publish", Published);
        return other;
    }

    /// <summary>The files of a package: path, permissions (of zips: all of the Unix mode), content.</summary>
    /// <param name="wanted">Told a path, whether its content is; else it is empty.</param>
    public List<(string Path, int Mode, byte[] Content)> Read(string package, Func<string, bool> wanted)
    {
        var files = new List<(string, int, byte[])>();
        if (package == SelfHost)
        {
            using var gzip = new GZipStream(File.OpenRead(Path.Combine(Folder, package)), CompressionMode.Decompress);
            using var tar = new TarReader(gzip);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile)
                {
                    files.Add((entry.Name, (int)entry.Mode, wanted(entry.Name) ? Bytes(entry.DataStream) : []));
                }
            }

            return files;
        }

        using var zip = ZipFile.OpenRead(Path.Combine(Folder, package));
        foreach (var entry in zip.Entries)
        {
            files.Add((entry.FullName, entry.ExternalAttributes >>> 16, wanted(entry.FullName) ? Bytes(entry.Open()) : []));
        }

        return files;
    }

    /// <summary>Unpacks into an empty folder that is then as read-only as a deployed app is.</summary>
    public string Unpack(string package)
    {
        var target = _folder.CreateSubdirectory($"unpacked-{Guid.NewGuid():N}").FullName;
        if (package == SelfHost)
        {
            using var gzip = new GZipStream(File.OpenRead(Path.Combine(Folder, package)), CompressionMode.Decompress);
            TarFile.ExtractToDirectory(gzip, target, overwriteFiles: false);
            target = Path.Combine(target, "openclaw");
        }
        else
        {
            ZipFile.ExtractToDirectory(Path.Combine(Folder, package), target);
        }

        const UnixFileMode write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        foreach (var file in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) & ~write);
            }
        }

        return target;
    }

    private string Published => Path.Combine(_folder.FullName, "published");

    private static byte[] Bytes(Stream? stream)
    {
        using (stream)
        {
            using var content = new MemoryStream();
            stream?.CopyTo(content);
            return content.ToArray();
        }
    }

    private static async Task PackAsync(string output, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "bash",
            [Path.Combine(Repository.Root, "infra", "package"), output, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var progress = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"infra/package failed:\n{progress}{await errors}");
        }
    }
}
