using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Packaging;

/// <summary>What is in the deployment packages, and what is not.</summary>
[Collection(PackageTests.Name)]
public sealed class PackageContentTests(PackagesFixture packages)
{
    private const string Loader = ".azurefunctions/Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader.dll";
    private const string Queues = ".azurefunctions/Microsoft.Azure.WebJobs.Extensions.Storage.Queues.dll";
    private const int RegularFile = 0x8000;
    private const int Everybody = 0b110_100_100;
    private const int EverybodyRuns = 0b111_101_101;

    public static TheoryData<string> All => [PackagesFixture.Functions, PackagesFixture.SelfHost];

    [Theory]
    [InlineData(PackagesFixture.Functions, "host.json", "worker.config.json", "extensions.json", "functions.metadata", Loader, Queues)]
    [InlineData(PackagesFixture.SelfHost, "openclaw/openclaw", "openclaw/libcoreclr.so", "openclaw/openclaw.service",
        "openclaw/openclaw.env.sample", "openclaw/INSTALL.md")]
    public void A_package_has_the_app_its_notices_and_what_its_host_reads(string package, params string[] own)
    {
        var paths = Files(package).Select(f => f.Path).ToList();
        var root = package == PackagesFixture.SelfHost ? "openclaw/" : "";
        Assert.All(own, file => Assert.Contains(file, paths));
        Assert.All(["openclaw.dll", "NOTICES.txt", "sbom.cdx.json"], file => Assert.Contains(root + file, paths));
        Assert.All(
            ["pdfium/pdfium.wasm", "pdfium/pdfium.cwasm", "pdfium/LICENSE.pdfium", "libwasmtime.so", "Magick.Native-Q8-x64.dll.so"],
            file => Assert.Contains(root + file, paths));
        Assert.DoesNotContain(
            paths, static p => p.Contains("runtimes/", StringComparison.Ordinal)
            && !p.StartsWith(".azurefunctions/", StringComparison.Ordinal)); // only this system's natives

        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
        Assert.Equal(paths.Count, paths.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_of_the_checkout_travels_along(string package)
    {
        var paths = Files(package).Select(f => f.Path).ToList();
        Assert.DoesNotContain(
            paths, static p => p.EndsWith(".pdb", StringComparison.Ordinal) || p.EndsWith(".xml", StringComparison.Ordinal)
            || p.Contains("local.settings", StringComparison.Ordinal) || p.EndsWith("project.assets.json", StringComparison.Ordinal));
        if (package == PackagesFixture.Functions)
        {
            Assert.DoesNotContain("libcoreclr.so", paths); // the platform's placeholder loads only a framework-dependent app
            return;
        }

        Assert.DoesNotContain(
            paths, static p => p.EndsWith("worker.config.json", StringComparison.Ordinal)
            || p.EndsWith("extensions.json", StringComparison.Ordinal)
            || p.EndsWith("functions.metadata", StringComparison.Ordinal) || p.Contains(".azurefunctions", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Only_what_is_started_is_executable(string package)
    {
        var kind = package == PackagesFixture.SelfHost ? 0 : RegularFile;
        Assert.All(Files(package), file =>
        {
            var path = package == PackagesFixture.SelfHost ? file.Path["openclaw/".Length..] : file.Path;
            var runs = path is "openclaw" or "createdump";
            Assert.Equal((file.Path, kind | (runs ? EverybodyRuns : Everybody)), (file.Path, file.Mode));
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_file_says_on_which_machine_it_was_made(string package)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] paths = [Repository.Root, Path.GetDirectoryName(packages.Folder)!, home + "/.nuget", "/.package-"];
        var patterns = paths.SelectMany(static p => new[] { Encoding.UTF8.GetBytes(p), Encoding.Unicode.GetBytes(p) }).ToList();
        Assert.All(Files(package, static _ => true), file =>
            Assert.All(patterns, pattern => Assert.True(file.Content.AsSpan().IndexOf(pattern) < 0, file.Path)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_part_is_in_the_bill_of_materials_and_in_the_notices(string package)
    {
        var files = Files(package);
        using var bill = JsonDocument.Parse(Content(files, "sbom.cdx.json"));
        using var dependencies = JsonDocument.Parse(Content(files, "openclaw.deps.json"));
        var notices = Encoding.UTF8.GetString(Content(files, "NOTICES.txt"));
        var listed = bill.RootElement.GetProperty("components").EnumerateArray()
            .Select(static c => $"{c.GetProperty("name").GetString()}/{c.GetProperty("version").GetString()}").ToHashSet(
                StringComparer.OrdinalIgnoreCase);
        var deployed = dependencies.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(static l => l.Value.GetProperty("type").GetString() != "project").Select(
                static l => l.Name.Replace("runtimepack.", "", StringComparison.Ordinal)).ToList();

        Assert.True(deployed.Count > 10);
        Assert.All(deployed, part => Assert.Contains(part, listed));
        Assert.All(deployed, part => Assert.Contains("\n" + part.Replace('/', ' ') + "\n", notices, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("Microsoft.Azure.Functions.Worker.Sdk/2.1.0", listed);
        if (package == PackagesFixture.Functions)
        {
            Assert.Contains(listed, static part =>
                part.StartsWith("Microsoft.Azure.WebJobs.Extensions.Storage.Queues/", StringComparison.Ordinal));
        }
        Assert.False(bill.RootElement.TryGetProperty("serialNumber", out _)
            || bill.RootElement.GetProperty("metadata").TryGetProperty("timestamp", out _));
        Assert.Contains("@embedpdf/pdfium/2.15.1", listed);
    }

    [Fact]
    public async Task The_same_app_packed_again_elsewhere_is_the_same_bytes()
    {
        SkipElsewhere();
        var again = await packages.PackAgainAsync();
        Assert.All(All, package =>
            Assert.Equal(Hash(Path.Combine(packages.Folder, package.Data)), Hash(Path.Combine(again, package.Data))));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(packages.Folder, "SHA256SUMS")), await File.ReadAllTextAsync(
            Path.Combine(again, "SHA256SUMS")));
    }

    [Fact]
    public void The_service_is_confined_and_not_restarted_where_that_cannot_help()
    {
        var unit = Encoding.UTF8.GetString(Content(Files(PackagesFixture.SelfHost), "openclaw.service")).Split('\n');
        Assert.All(
            [
                "DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
                    "CapabilityBoundingSet=",
                "EnvironmentFile=-/etc/openclaw/openclaw.env", "ExecStart=/opt/openclaw/openclaw gateway start", "Restart=on-failure",
            ],
            line => Assert.Contains(line, unit));
        Assert.Contains(string.Create(
            CultureInfo.InvariantCulture, $"RestartPreventExitStatus={ExitCode.ConfigInvalid} {ExitCode.AuthMissing}"), unit);
        var stop = int.Parse(
            Assert.Single(unit, static l => l.StartsWith("TimeoutStopSec=", StringComparison.Ordinal))["TimeoutStopSec=".Length..],
            CultureInfo.InvariantCulture);
        Assert.True(TimeSpan.FromSeconds(stop) > SelfHostGateway.DrainTime);
    }

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_the_service()
    {
        SkipElsewhere();
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "There is no systemd here.");
        var app = packages.Unpack(PackagesFixture.SelfHost);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var unit = Path.Combine(folder.FullName, "openclaw.service");
            await File.WriteAllTextAsync(
                unit, (await File.ReadAllTextAsync(Path.Combine(app, "openclaw.service"))).Replace(
                "/opt/openclaw", app, StringComparison.Ordinal));
            using var process = Process.Start(
                new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", "--man=no", unit]) { RedirectStandardError = true })!;
            var words = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.DoesNotContain("openclaw.service", words, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void SkipElsewhere() => Assert.SkipUnless(PackagesFixture.IsPossible, "Packages are made on Linux x64.");

    /// <param name="wanted">Whose content; of text files by default.</param>
    private List<(string Path, int Mode, byte[] Content)> Files(string package, Func<string, bool>? wanted = null)
    {
        SkipElsewhere();
        return packages.Read(package, wanted ?? (static path => Path.GetExtension(path) is ".json" or ".txt" or ".service"));
    }

    private static byte[] Content(List<(string Path, int Mode, byte[] Content)> files, string name) =>
        files.Single(f => f.Path == name || f.Path == "openclaw/" + name).Content;

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
