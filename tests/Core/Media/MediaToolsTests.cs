using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>What the gateway says of what it can read.</summary>
public sealed class MediaToolsTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("all", "available", "available")]
    [InlineData("no pdfium", "missing", "available")]
    [InlineData("no program", "missing", "missing")]
    public async Task Health_says_what_is_there_and_is_no_worse_for_what_is_missing(string kind, string pdf, string images)
    {
        var options = kind switch
        {
            "no pdfium" => new MediaWorkerOptions { PdfiumFolder = "/nowhere" },
            "no program" => new MediaWorkerOptions { PdfiumFolder = "/nowhere", Program = new NativeProgram("/nowhere/openclaw") },
            _ => new MediaWorkerOptions(),
        };
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, services: s => s.AddSingleton(options));
        using var answer = await gateway.Client.GetAsync("/health/detailed");
        var health = await answer.ReadJsonAsync();
        var media = health.GetProperty("media");
        Assert.Equal((pdf, images), (media.GetProperty("pdf").GetString(), media.GetProperty("images").GetString()));
        Assert.Equal("ok", health.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Health_learns_from_use_that_a_program_does_not_run()
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, services: s => s.AddSingleton(Outcome.Script("exit 127")));
        var tools = gateway.Services.GetRequiredService<MediaTools>();
        Assert.Equal(new MediaToolsStatus(true, true), tools.Status);

        var heic = Samples.Read("quarters.heic");
        var converter = gateway.Services.GetRequiredService<ImageConverter>();
        Assert.Equal(
            MediaException.ToolsMissing,
            await Outcome.OfAsync(
                converter.ToJpegAsync(
                heic, ImageHeader.Read(heic)!, 100, 100_000, 100_000, Outcome.Caller, TestContext.Current.CancellationToken)));
        Assert.Equal(new MediaToolsStatus(true, false), tools.Status);
    }

    [Fact]
    public async Task Without_PDFium_a_PDF_is_refused_by_name_and_images_are_read()
    {
        using var workers = Outcome.Start(new MediaWorkerOptions { PdfiumFolder = "/nowhere" });
        var failure = await Assert.ThrowsAsync<MediaException>(
            () => new PdfReader(workers).ReadAsync(
                PdfSamples.Text(), new PdfLimits(1, 1, 1, 1), Outcome.Caller, TestContext.Current.CancellationToken));
        Assert.Equal(MediaException.ToolsMissing, failure.Code);
        Assert.Contains("PDFium", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_made_for_another_processor_is_made_again_from_the_WebAssembly()
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-pdfium-");
        try
        {
            File.CreateSymbolicLink(
                Path.Combine(folder.FullName, "pdfium.wasm"), Path.Combine(new MediaWorkerOptions().PdfiumFolder, "pdfium.wasm"));
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "pdfium.cwasm"), "for another processor", TestContext.Current.CancellationToken);
            using var workers = Outcome.Start(new MediaWorkerOptions { PdfiumFolder = folder.FullName });
            var content = await new PdfReader(workers).ReadAsync(
                PdfSamples.Text(), new PdfLimits(0, 1, 1, 1_000), Outcome.Caller, TestContext.Current.CancellationToken);
            Assert.Equal(PdfSamples.Sentence, content.Text);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
