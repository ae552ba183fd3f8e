using System.Net.Http.Headers;
using System.Runtime.Versioning;
using OpenClaw.Functions.Cli;
using OpenClaw.Media;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary><c>openclaw dev</c> on a machine without native tools.</summary>
[SupportedOSPlatform("linux")]
public sealed class DevMediaToolsTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("openclaw-dev-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task They_are_assembled_while_it_serves_and_the_next_start_has_them()
    {
        Assert.SkipUnless(MediaToolsAssembly.IsPossible, "Media tools are assembled on Debian and Ubuntu only.");
        var path = MakePath(except: ["pdftotext", "pdftoppm"]);
        await using (var dev = Start(path))
        {
            await dev.WaitForLineAsync("Media tools: ready.");
            Assert.Equal("available", await ReadPdfAsync(dev));
            Assert.Equal(2, dev.Output.Split("Media tools: ").Length - 1);
        }

        await using var again = Start(path);
        Assert.Equal("available", await ReadPdfAsync(again));
        Assert.DoesNotContain("Media tools", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_they_cannot_be_assembled_one_line_says_what_to_install_and_it_serves()
    {
        await using var dev = Start(_data.FullName);

        var line = await dev.WaitForLineAsync("Media tools: ");

        Assert.Contains("install poppler", line, StringComparison.Ordinal);
        Assert.Equal("missing", await ReadPdfAsync(dev));
    }

    private CommandProcess Start(string path) => CommandProcess.Start(["dev", "--data", _data.FullName, "--port", "0"], new Dictionary<string, string>
    {
        ["DataStorage"] = azurite.ConnectionString,
        ["PATH"] = path,
        ["OPENCLAW_MEDIA_CACHE"] = MediaToolsFixture.Cache,
        [MediaToolsOptions.FolderVariable] = "",
    });

    /// <summary>A folder of links to this machine's programs.</summary>
    private string MakePath(string[] except)
    {
        var folder = _data.CreateSubdirectory("bin");
        foreach (var program in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles).DistinctBy(Path.GetFileName).ExceptBy(except, p => Path.GetFileName(p)))
        {
            File.CreateSymbolicLink(Path.Combine(folder.FullName, Path.GetFileName(program)), program);
        }

        return folder.FullName;
    }

    private static async Task<string?> ReadPdfAsync(CommandProcess dev)
    {
        await dev.WaitForLineAsync("Stop with Ctrl-C");
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await dev.WaitForLineAsync("  Token")).Trim()["Token".Length..].Trim());
        var url = new Uri((await dev.WaitForLineAsync("  Gateway")).Split("Gateway")[1].Split("   (")[0].Trim());
        while (true)
        {
            using var answer = await client.GetAsync(new Uri(url, "/health/detailed"));
            var pdf = (await answer.ReadJsonAsync()).GetProperty("media").GetProperty("pdf").GetString();
            if (pdf != "unknown")
            {
                return pdf;
            }
        }
    }
}
