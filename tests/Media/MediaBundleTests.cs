using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Media;

/// <summary>What <c>infra/media-tools/assemble</c> makes.</summary>
[Collection(nameof(MediaBundleTestGroup))]
[SupportedOSPlatform("linux")]
public sealed partial class MediaBundleTests(AssembledBundle bundle)
{
    [Fact]
    public void Its_manifest_names_every_file_with_its_hash_and_every_package_with_its_source_and_notice()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(bundle.Folder, "manifest.json")));
        var files = manifest.RootElement.GetProperty("files").EnumerateArray().ToDictionary(
            f => f.GetProperty("path").GetString()!, f => (f.GetProperty("size").GetInt64(), f.GetProperty("sha256").GetString()));

        Assert.Equal(
            Files().Where(f => f != "manifest.json").Order(StringComparer.Ordinal),
            files.Keys.Order(StringComparer.Ordinal));
        Assert.All(files, f =>
        {
            var bytes = File.ReadAllBytes(Path.Combine(bundle.Folder, f.Key));
            Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), f.Value);
        });
        var packages = manifest.RootElement.GetProperty("packages").EnumerateArray().ToList();
        Assert.Contains("poppler-utils", packages.Select(p => p.GetProperty("name").GetString()));
        Assert.All(packages, p =>
        {
            Assert.Matches("^[a-z0-9][a-z0-9.+-]+/[0-9][^/]*$", p.GetProperty("source").GetString());
            Assert.Contains("NOTICES/" + p.GetProperty("name").GetString(), files.Keys);
        });
        Assert.Contains("NOTICES/common-licenses/GPL-2", files.Keys);
        Assert.DoesNotContain("://", manifest.RootElement.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_holds_nothing_that_an_archive_loses_and_nothing_privileged()
    {
        Assert.All(Directory.EnumerateFileSystemEntries(bundle.Folder, "*", SearchOption.AllDirectories), path =>
        {
            Assert.Null(new FileInfo(path).LinkTarget);
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & (UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        });
        var programs = Files().Where(f => (File.GetUnixFileMode(Path.Combine(bundle.Folder, f)) & UnixFileMode.OtherExecute) != 0);
        Assert.Equal(["bin/pdftoppm", "bin/pdftotext"], programs.Where(p => !p.StartsWith("test/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_has_every_library_that_its_files_need_but_none_of_glibc()
    {
        var libraries = Files().Where(f => Path.GetDirectoryName(f) == "lib").Select(f => Path.GetFileName(f)).ToHashSet(StringComparer.Ordinal);
        var ofTests = Files().Where(f => Path.GetDirectoryName(f) == "test/lib").Select(f => Path.GetFileName(f)).ToHashSet(StringComparer.Ordinal);
        var programs = Files().Where(f => ElfFile.Is(Path.Combine(bundle.Folder, f))).ToList();

        Assert.Superset(new HashSet<string> { "libheif.so.1", "libturbojpeg.so.0", "libpng16.so.16", "libwebp.so.7" }, libraries);
        Assert.DoesNotContain(libraries.Union(ofTests), l => GlibcName().IsMatch(l));
        Assert.All(programs, file =>
        {
            var elf = ElfFile.Read(Path.Combine(bundle.Folder, file));
            var known = file.StartsWith("test/", StringComparison.Ordinal) ? libraries.Union(ofTests) : libraries;
            Assert.Empty(elf.Needed.Where(n => !GlibcName().IsMatch(n)).Except(known));
            if (Path.GetDirectoryName(file) == "lib")
            {
                Assert.Equal(Path.GetFileName(file), elf.SoName);
            }
        });
    }

    [Fact]
    public void The_encoder_that_decoding_never_calls_is_a_stand_in() =>
        Assert.All(Directory.EnumerateFiles(Path.Combine(bundle.Folder, "lib"), "libx265*"), f => Assert.InRange(new FileInfo(f).Length, 1, 100_000));

    [Fact]
    public async Task An_assembly_waits_for_the_one_before_and_makes_the_same_bytes_from_the_packages_kept()
    {
        var again = Path.Combine(Path.GetDirectoryName(bundle.Folder)!, "again");
        using var holder = Process.Start(new ProcessStartInfo("flock", [Path.Combine(MediaToolsFixture.Cache, ".lock"), "sh", "-c", "echo; cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await holder.StandardOutput.ReadLineAsync();
        var lines = new List<string>();
        var waits = new TaskCompletionSource();
        var assembly = AssembledBundle.Assembly(again).EnsureAsync(
            line =>
            {
                lines.Add(line);
                waits.TrySetResult();
            },
            CancellationToken.None);
        await waits.Task;
        Assert.Contains("waiting for another process", Assert.Single(lines), StringComparison.Ordinal);

        holder.StandardInput.Close();
        Assert.Null(await assembly);

        Assert.DoesNotContain(lines, l => l.Contains("downloading", StringComparison.Ordinal));
        Assert.Equal(Files(), [.. Directory.EnumerateFiles(again, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(again, f)).Order(StringComparer.Ordinal)]);
        Assert.All(Files(), f =>
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(bundle.Folder, f)), File.ReadAllBytes(Path.Combine(again, f)));
            Assert.Equal(File.GetLastWriteTimeUtc(Path.Combine(bundle.Folder, f)), File.GetLastWriteTimeUtc(Path.Combine(again, f)));
        });
    }

    [Fact]
    public async Task One_that_is_there_already_is_left_alone_without_a_word()
    {
        var before = Directory.GetCreationTimeUtc(bundle.Folder);

        Assert.Null(await AssembledBundle.Assembly(bundle.Folder).EnsureAsync(line => Assert.Fail(line), CancellationToken.None));

        Assert.Equal(before, Directory.GetCreationTimeUtc(bundle.Folder));
    }

    [Fact]
    public async Task It_takes_the_place_of_no_other_folder()
    {
        var taken = bundle.NewFolder();
        Directory.CreateDirectory(taken);
        await File.WriteAllTextAsync(Path.Combine(taken, "mine.txt"), "mine");

        var failure = await AssembledBundle.Assembly(taken).EnsureAsync(progress: null, CancellationToken.None);

        Assert.Contains("holds something else", failure, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(taken, "mine.txt")));
    }

    [Fact]
    public async Task An_interrupted_assembly_leaves_nothing()
    {
        Assert.NotEmpty(bundle.Folder);
        var folder = bundle.NewFolder("bundle");
        using var script = Process.Start(new ProcessStartInfo(
            "bash", [Path.Combine(Repository.Root, "infra", "media-tools", "assemble"), folder, "--cache", MediaToolsFixture.Cache])
        {
            RedirectStandardOutput = true,
        })!;
        while (await script.StandardOutput.ReadLineAsync() is { } line && !line.Contains("copying", StringComparison.Ordinal))
        {
        }

        using var kill = Process.Start("kill", ["-TERM", $"{script.Id}"]);
        await script.WaitForExitAsync();

        Assert.Equal(130, script.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(folder)!));
    }

    private List<string> Files() =>
    [
        .. Directory.EnumerateFiles(bundle.Folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(bundle.Folder, f)).Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"^(ld-linux[\w.-]*|lib(c|m|mvec|pthread|dl|rt|util|resolv|anl|nsl))\.so\.\d+$")]
    private static partial Regex GlibcName();
}
