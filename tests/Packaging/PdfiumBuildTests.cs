using System.Diagnostics;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Packaging;

/// <summary>The part of the build that fetches PDFium, on a machine without Node.js and on one without network.</summary>
public sealed class PdfiumBuildTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-pdfium-build-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("no Node.js")]
    [InlineData("no network")]
    public async Task Without_npm_the_build_goes_on_and_says_what_is_missing(string kind)
    {
        var stop = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(
            "dotnet", ["msbuild", "-t:FetchPdfium", "-nodeReuse:false", "-v:minimal", $"-p:PdfiumFolder={_folder.FullName}/",
            "-p:PdfiumDone=" + Path.Combine(_folder.FullName, "done")])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "functions"),
            RedirectStandardOutput = true,
        };
        if (kind == "no Node.js")
        {
            var path = _folder.CreateSubdirectory("bin");
            File.CreateSymbolicLink(Path.Combine(path.FullName, "sh"), "/bin/sh");
            start.Environment["PATH"] = path.FullName;
            start.FileName = FindInPath("dotnet");
        }
        else
        {
            start.Environment["npm_config_registry"] = "http://127.0.0.1:9/";
            start.Environment["npm_config_cache"] = Path.Combine(_folder.FullName, "cache");
            start.Environment["npm_config_fetch_retry_mintimeout"] = "1";
        }

        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync(stop);
        await build.WaitForExitAsync(stop);

        Assert.True(build.ExitCode == 0, output);
        Assert.Contains("PDFium is missing: 'npm ci' ended with ", output, StringComparison.Ordinal);
        Assert.Contains("media_tools_missing", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "done")));
    }

    private static string FindInPath(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
