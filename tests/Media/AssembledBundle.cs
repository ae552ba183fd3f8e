using OpenClaw.Functions.Cli;
using OpenClaw.Media;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Media;

/// <summary>Tests that share one <see cref="AssembledBundle"/>.</summary>
[CollectionDefinition(nameof(MediaBundleTestGroup))]
public sealed class MediaBundleTestGroup : ICollectionFixture<AssembledBundle>;

/// <summary>A bundle that <c>infra/media-tools/assemble</c> made for this test run, with test tools. Skips its tests where that
/// script cannot work.</summary>
public sealed class AssembledBundle : IAsyncLifetime
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("openclaw-media-");

    private string? _failure;

    public string Folder
    {
        get
        {
            Assert.SkipUnless(MediaToolsAssembly.IsPossible, "Media tools are assembled on Debian and Ubuntu only.");
            Assert.True(_failure is null, _failure);
            return Path.Combine(_temporary.FullName, "bundle");
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (MediaToolsAssembly.IsPossible)
        {
            _failure = await Assembly(Path.Combine(_temporary.FullName, "bundle")).EnsureAsync(progress: null, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync()
    {
        _temporary.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public static MediaToolsAssembly Assembly(string folder) => new(folder) { Cache = MediaToolsFixture.Cache, WithTestTools = true };

    /// <summary>An empty place that goes with this fixture.</summary>
    public string NewFolder(string name = "somewhere else") => Path.Combine(_temporary.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName, name);

    /// <summary>The bundle as an archive leaves it: elsewhere, and without execute bits.</summary>
    public string Unpack()
    {
        var copy = NewFolder();
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        return copy;
    }

    /// <summary>Nothing of the system's but its image libraries.</summary>
    public static MediaToolsOptions Only(params string[] folders) => new() { Folders = folders, SearchPath = "" };
}
