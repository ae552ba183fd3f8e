using System.Globalization;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Gateway.Responses;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>Temporary folders and processes of the real executable, however it ends.</summary>
public sealed class MediaLeftoverTests(AzuriteFixture azurite) : IDisposable
{
    private const string Folders = "openclaw-media-*";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openclaw-leftovers-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(CommandProcess.Kill)]
    [InlineData(CommandProcess.Terminate)]
    public async Task A_gateway_that_ends_while_its_worker_is_idle_leaves_no_folder_and_no_process(int signal)
    {
        await using var gateway = await StartAsync();
        using var answer = await PostAsync(gateway, PdfSamples.Text());
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        var worker = Assert.Single(FindChildren(gateway.Id));
        Assert.Single(_folder.GetDirectories(Folders));

        gateway.Signal(signal);
        await gateway.WaitForExitAsync();
        await WaitForEndAsync(worker);
        Assert.Empty(_folder.GetDirectories(Folders));
    }

    [Fact]
    public async Task A_gateway_that_is_killed_in_the_middle_of_a_file_leaves_no_folder_and_no_process()
    {
        await using var gateway = await StartAsync();
        var reading = PostAsync(gateway, PdfSamples.CommandBomb());
        while (!FindChildren(gateway.Id).Any(IsReading))
        {
            Assert.False(reading.IsCompleted);
            await Task.Yield();
        }

        var worker = FindChildren(gateway.Id).Single(IsReading);
        gateway.Signal(CommandProcess.Kill);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => reading);
        await WaitForEndAsync(worker);
        Assert.Empty(_folder.GetDirectories(Folders));
    }

    [Fact]
    public async Task A_gateway_that_is_killed_while_PDFium_is_compiled_leaves_no_folder_no_file_and_no_process()
    {
        var cache = _folder.CreateSubdirectory("cache");
        await using var gateway = await StartAsync(cache.FullName);
        var reading = PostAsync(gateway, PdfSamples.Text());
        while (!FindChildren(gateway.Id).Any(IsCompiling))
        {
            Assert.False(reading.IsCompleted);
            await Task.Yield();
        }

        var compiler = FindChildren(gateway.Id).Single(IsCompiling);
        gateway.Signal(CommandProcess.Kill);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => reading);
        await WaitForEndAsync(compiler);
        Assert.Empty(_folder.GetDirectories(Folders));
        Assert.Empty(cache.GetFiles("*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("unreadable")]
    [InlineData("too complex")]
    [InlineData("killed worker")]
    public async Task After_a_refused_file_and_a_normal_end_there_is_no_folder(string kind)
    {
        await using (var gateway = await StartAsync())
        {
            var reading = PostAsync(gateway, kind == "unreadable" ? PdfSamples.Truncated() : PdfSamples.CommandBomb());
            while (kind == "killed worker" && !reading.IsCompleted && !FindChildren(gateway.Id).Where(IsReading).Any(Kill))
            {
                await Task.Yield();
            }

            using var answer = await reading;
            Assert.Equal(400, (int)answer.StatusCode);
            gateway.Signal(CommandProcess.Terminate);
            await gateway.WaitForExitAsync();
        }

        Assert.Empty(_folder.GetDirectories(Folders));
    }

    [Fact]
    public async Task Folders_of_killed_gateways_are_deleted_at_the_next_start_and_those_in_use_are_not()
    {
        var old = _folder.CreateSubdirectory("openclaw-media-old");
        var abandoned = _folder.CreateSubdirectory("openclaw-media-abandoned");
        var young = _folder.CreateSubdirectory("openclaw-media-young");
        var used = _folder.CreateSubdirectory("openclaw-media-used");
        var other = _folder.CreateSubdirectory("openclaw-other");
        await File.WriteAllTextAsync(Path.Combine(abandoned.FullName, "in-use"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(abandoned.CreateSubdirectory("more").FullName, "magick-1"), "left", Token);
        old.LastWriteTimeUtc = DateTime.UtcNow.AddHours(-2);
        await using (new FileStream(Path.Combine(used.FullName, "in-use"), FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            await using var gateway = await StartAsync();
            gateway.Signal(CommandProcess.Terminate);
            await gateway.WaitForExitAsync();
        }

        Assert.Equal(
            new[] { other, used, young }.Select(static f => f.Name).Order(StringComparer.Ordinal),
            _folder.GetDirectories("openclaw-*").Select(static f => f.Name).Order(StringComparer.Ordinal));
    }

    private Task<GatewayProcess> StartAsync(string? cache = null) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["TMPDIR"] = _folder.FullName,
            ["XDG_DATA_HOME"] = cache ?? Path.Combine(Repository.Root, ".openclaw", "test-cache"),
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
        });

    private static Task<HttpResponseMessage> PostAsync(GatewayProcess gateway, byte[] pdf) => gateway.Client.PostAsync(
        "/v1/responses",
        new StringContent(
            $$$"""{"model":"openclaw","store":false,"input":[{"role":"user","content":[{{{InputMedia.File("application/pdf", "a.pdf", pdf)}}}]}]}""",
            null,
            "application/json"),
        Token);

    private static List<int> FindChildren(int parent) => [.. Directory.GetDirectories("/proc")
        .Select(static f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && ReadStat(id) is [_, var owner, ..] && owner == parent.ToString(CultureInfo.InvariantCulture))];

    /// <summary>It has set the limit of its address space, which it does when it has a file.</summary>
    private static bool IsReading(int worker)
    {
        try
        {
            var limit = File.ReadLines($"/proc/{worker}/limits").First(
                static l => l.StartsWith("Max core file size", StringComparison.Ordinal));
            return limit.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [.., "0", "0", _];
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsCompiling(int child)
    {
        try
        {
            return File.ReadAllText($"/proc/{child}/cmdline").Contains("\0compile\0", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool Kill(int worker)
    {
        using var process = System.Diagnostics.Process.GetProcessById(worker);
        process.Kill();
        return true;
    }

    private static async Task WaitForEndAsync(int worker)
    {
        // A killed gateway's children belong to another process then; one that has ended may stay as a zombie.
        while (ReadStat(worker) is [not "Z", ..])
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>State, parent and more; null when there is no such process.</summary>
    private static string[]? ReadStat(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
