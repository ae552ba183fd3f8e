using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Media;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Media;

/// <summary>How native tools are found, and that those of a bundle work.</summary>
[Collection(nameof(MediaBundleTestGroup))]
[SupportedOSPlatform("linux")]
public sealed class MediaToolsTests(AssembledBundle bundle, AzuriteFixture azurite)
{
    /// <summary>64 x 64 pixels.</summary>
    private const string WhitePng = "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PMQ0AAAwDoPo33UrYvQQckD4XAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAYHLAMpT0sIcNbcEAAAAAElFTkSuQmCC";

    private static readonly ToolLimits Limits = new(TimeSpan.FromSeconds(60), 16 * 1024 * 1024) { CpuSeconds = 10, MemoryMebibytes = 512 };

    [Theory]
    [InlineData("Helvetica")]
    [InlineData("Helvetica-BoldOblique")]
    [InlineData("Arial")]
    [InlineData("Times-Roman")]
    [InlineData("Courier-Bold")]
    [InlineData("Symbol")]
    [InlineData("ZapfDingbats")]
    public async Task A_bundle_from_an_archive_reads_and_draws_text_whose_font_is_not_embedded(string font)
    {
        var pdf = new MediaTools(null, AssembledBundle.Only(bundle.Unpack())).Pdf!;
        var page = WritePdf(font);

        var text = await ToolProcess.RunAsync(pdf.Text, ["-q", "-enc", "UTF-8", "-", "-"], page, Limits, TestContext.Current.CancellationToken);
        var image = await ToolProcess.RunAsync(pdf.Raster, ["-q", "-gray", "-r", "72", "-singlefile", "-"], page, Limits, TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (text.ExitCode, image.ExitCode));
        Assert.NotEmpty(Encoding.UTF8.GetString(text.Output).Trim());
        Assert.StartsWith("P5\n200 50\n255\n", Encoding.ASCII.GetString(image.Output.AsSpan(0, 14)), StringComparison.Ordinal);
        Assert.InRange(image.Output[14..].Count(gray => gray < 128), 50, 2000);
    }

    [Fact]
    public async Task The_image_libraries_of_a_bundle_decode_what_its_test_tools_encode()
    {
        var folder = bundle.Unpack();
        var (heif, png) = (Path.Combine(folder, "sample.heic"), Path.Combine(folder, "sample.png"));
        await File.WriteAllBytesAsync(png, Convert.FromBase64String(WhitePng));
        var tools = MediaBundle.Open(folder)!;
        var limits = new ToolLimits(TimeSpan.FromSeconds(60), 64 * 1024) { MayWriteFiles = true };
        var encoded = await ToolProcess.RunAsync(tools.FindTestProgram("heif-enc")!, ["-q", "50", "-o", heif, png], default, limits, CancellationToken.None);
        Assert.True(encoded.ExitCode == 0 && File.Exists(heif));
        File.Delete(png);

        var decoder = tools.FindTestProgram("heif-dec")!;
        var libraries = Path.Combine(folder, "lib");
        var decoded = await ToolProcess.RunAsync(
            decoder with
            {
                FirstArguments = ["--library-path", $"{libraries}:{Path.Combine(folder, "test", "lib")}", decoder.FirstArguments[^1]],
                Environment = tools.Images.Environment,
            },
            [heif, png], default, limits, CancellationToken.None);

        Assert.Equal(0, decoded.ExitCode);
        Assert.Equal("PNG"u8.ToArray(), (await File.ReadAllBytesAsync(png)).AsSpan(1, 3).ToArray());
        Assert.Equal(libraries, tools.Images.Folder);
    }

    [Fact]
    public void A_bundle_that_comes_later_is_used_from_then_on()
    {
        var tools = new MediaTools(null, AssembledBundle.Only());
        Assert.Null(tools.Pdf);

        tools.Use(bundle.Folder);

        Assert.NotNull(tools.Pdf);
        Assert.Equal(Path.Combine(bundle.Folder, "lib"), tools.Images?.Folder);
        Assert.Equal(new MediaToolsStatus(true, true), tools.Status);
    }

    [Theory]
    [InlineData("bundle", "available", "available", "")]
    [InlineData("damaged", "missing", "available", "its PDF programs do not start")]
    [InlineData("empty", "missing", null, "holds no media tools")]
    public async Task Health_says_what_is_there_and_is_no_worse_for_what_is_missing(string kind, string pdf, string? images, string reason)
    {
        var folder = kind == "empty" ? bundle.NewFolder() : bundle.Unpack();
        Directory.CreateDirectory(folder);
        if (kind == "damaged")
        {
            await File.WriteAllTextAsync(Directory.EnumerateFiles(Path.Combine(folder, "lib"), "libpoppler.so.*").Single(), "not a library");
        }

        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, services: s => s.AddSingleton(AssembledBundle.Only(folder)));
        var before = await ReadHealthAsync(gateway);
        _ = gateway.Services.GetRequiredService<MediaTools>().Pdf; // has been looked for
        var health = await ReadHealthAsync(gateway);
        var media = health.GetProperty("media");

        Assert.Equal(pdf, media.GetProperty("pdf").GetString());
        Assert.Equal(images ?? media.GetProperty("images").GetString(), media.GetProperty("images").GetString());
        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.Contains(before.GetProperty("media").GetProperty("pdf").GetString(), (string[])["unknown", pdf]);
        Assert.Equal(reason.Length == 0 ? 0 : 1, gateway.Log.Split("media tools").Length - 1);
        Assert.Contains(reason, gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_bundle_the_programs_of_the_path_are_taken_and_without_these_none()
    {
        var folder = Directory.CreateDirectory(bundle.NewFolder()).FullName;
        Assert.Null(new MediaTools(null, new MediaToolsOptions { Folders = [folder], SearchPath = folder }).Pdf);
        File.WriteAllText(Path.Combine(folder, "pdftotext"), "");
        Assert.Null(new MediaTools(null, new MediaToolsOptions { Folders = [folder], SearchPath = folder }).Pdf);
        File.WriteAllText(Path.Combine(folder, "pdftoppm"), "");

        var pdf = new MediaTools(null, new MediaToolsOptions { Folders = [folder], SearchPath = $"/nowhere:{folder}" }).Pdf;

        Assert.Equal((Path.Combine(folder, "pdftotext"), Path.Combine(folder, "pdftoppm")), (pdf?.Text.File, pdf?.Raster.File));
    }

    [Fact]
    public void The_variable_comes_before_the_folder_beside_the_executable()
    {
        var options = MediaToolsOptions.FromEnvironment(name => name == MediaToolsOptions.FolderVariable ? "/some/where" : null);

        Assert.Equal(["/some/where", Path.Combine(AppContext.BaseDirectory, "media-tools")], options.Folders);
    }

    private static async Task<JsonElement> ReadHealthAsync(GatewayHost gateway)
    {
        using var answer = await gateway.Client.GetAsync("/health/detailed");
        return await answer.ReadJsonAsync();
    }

    /// <summary>One page of 200 x 50 points with three letters; the cross-reference table is left for poppler to rebuild.</summary>
    private static byte[] WritePdf(string font)
    {
        const string Content = "BT /F1 30 Tf 10 15 Td (abc) Tj ET";
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            %PDF-1.4
            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
            3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 50]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
            4 0 obj<</Length {Content.Length}>>stream
            {Content}
            endstream endobj
            5 0 obj<</Type/Font/Subtype/Type1/BaseFont/{font}>>endobj
            trailer<</Root 1 0 R/Size 6>>
            """));
    }
}
