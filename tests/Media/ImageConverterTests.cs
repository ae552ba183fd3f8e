using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Media;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Media;

/// <summary>Images decoded by the real executable, in a process of its own.</summary>
public class ImageConverterTests
{
    private const int NoLimit = 8_000;

    [Fact]
    [Trait("Feature", "F55")]
    public async Task A_HEIC_becomes_a_JPEG()
    {
        var jpeg = await ConvertAsync(await HeicAsync());
        Assert.Equal(new ImageInfo(ImageInfo.Jpeg, 256, 128), ImageHeader.Read(jpeg));
        Assert.Equal(ImageSamples.Quarters, ImageSamples.ReadQuarters(jpeg));
    }

    [Theory]
    [InlineData(0, false, 256, 128, "RG/BY")]
    [InlineData(1, false, 128, 256, "GY/RB")]
    [InlineData(2, false, 256, 128, "YB/GR")]
    [InlineData(3, false, 128, 256, "BR/YG")]
    [InlineData(0, true, 256, 128, "GR/YB")]
    [InlineData(1, true, 128, 256, "YG/BR")]
    [Trait("Feature", "F55")]
    public async Task A_HEIC_is_turned_and_mirrored_as_it_says(int turns, bool isMirrored, int width, int height, string quarters)
    {
        var heic = new HeifSample(await HeicAsync()) { Turns = turns, IsMirrored = isMirrored }.Write();
        Assert.Equal((256, 128), (ImageHeader.Read(heic)!.Width, ImageHeader.Read(heic)!.Height));
        var jpeg = await ConvertAsync(heic);
        Assert.Equal(new ImageInfo(ImageInfo.Jpeg, width, height), ImageHeader.Read(jpeg));
        Assert.Equal(quarters, ImageSamples.ReadQuarters(jpeg));
    }

    [Fact]
    [Trait("Feature", "F55")]
    public async Task The_tiles_of_a_phones_HEIC_are_put_together_and_turned()
    {
        var heic = new HeifSample(await HeicAsync()) { Turns = 3 }.WriteGrid(columns: 3, rows: 4);
        Assert.Equal(new ImageInfo(ImageInfo.Heic, 768, 512), ImageHeader.Read(heic));
        var jpeg = await ConvertAsync(heic);
        Assert.Equal(new ImageInfo(ImageInfo.Jpeg, 512, 768), ImageHeader.Read(jpeg));
        var picture = JpegBlocks.Read(jpeg);
        Assert.All(
            from column in Enumerable.Range(0, 4) from row in Enumerable.Range(0, 3) select ((column + 0.25) / 4, (row + 0.25) / 3),
            upperLeft => Assert.InRange(picture.At(upperLeft.Item1, upperLeft.Item2).Blue, 226, 255));
    }

    [Fact]
    [Trait("Feature", "F55")]
    public async Task Ten_bits_alpha_and_AVIF_are_read()
    {
        var deep = await ImageSamples.EncodeAsync("heif-enc", "heic", ImageSamples.Png(256, 128, bits: 16), "-b", "10");
        var clear = await ImageSamples.EncodeAsync("heif-enc", "heic", ImageSamples.Png(256, 128, isLowerHalfClear: true));
        var avif = await ImageSamples.EncodeAsync("heif-enc", "avif", ImageSamples.Png(256, 128), "-A");
        Assert.Equal(ImageSamples.Quarters, ImageSamples.ReadQuarters(await ConvertAsync(deep)));
        Assert.Equal("RG/WW", ImageSamples.ReadQuarters(await ConvertAsync(clear)));
        Assert.Equal(ImageInfo.Avif, ImageHeader.Read(avif)!.MediaType);
        Assert.Equal(ImageSamples.Quarters, ImageSamples.ReadQuarters(await ConvertAsync(avif)));
    }

    [Theory]
    [InlineData(8, false, "RG/BY")]
    [InlineData(16, false, "RG/BY")]
    [InlineData(8, true, "RG/WW")]
    [InlineData(16, true, "RG/WW")]
    public async Task A_PNG_is_scaled_and_flattened_on_white(int bits, bool isLowerHalfClear, string quarters)
    {
        var jpeg = await ConvertAsync(ImageSamples.Png(700, 300, bits, isLowerHalfClear), maxEdge: 128);
        Assert.Equal(new ImageInfo(ImageInfo.Jpeg, 128, 55), ImageHeader.Read(jpeg));
        Assert.Equal(quarters, ImageSamples.ReadQuarters(jpeg));
    }

    [Theory]
    [InlineData(false, "RG/BY")]
    [InlineData(true, "RG/WW")]
    public async Task A_WebP_is_scaled_and_flattened_on_white(bool isLowerHalfClear, string quarters)
    {
        var webp = await ImageSamples.EncodeAsync("cwebp", "webp", ImageSamples.Png(400, 800, isLowerHalfClear: isLowerHalfClear), "-quiet");
        var jpeg = await ConvertAsync(webp, maxEdge: 256);
        Assert.Equal(new ImageInfo(ImageInfo.Jpeg, 128, 256), ImageHeader.Read(jpeg));
        Assert.Equal(quarters, ImageSamples.ReadQuarters(jpeg));
    }

    [Theory]
    [InlineData(1, "RG/BY")]
    [InlineData(2, "GR/YB")]
    [InlineData(3, "YB/GR")]
    [InlineData(4, "BY/RG")]
    [InlineData(5, "RB/GY")]
    [InlineData(6, "BR/YG")]
    [InlineData(7, "YG/BR")]
    [InlineData(8, "GY/RB")]
    public async Task A_JPEG_is_scaled_and_turned_upright(int orientation, string quarters)
    {
        var stored = ImageSamples.Orient(await ConvertAsync(ImageSamples.Png(1_024, 512)), orientation);
        var jpeg = await ConvertAsync(stored, maxEdge: 200);
        Assert.Equal(orientation < 5 ? (200, 100) : (100, 200), (ImageHeader.Read(jpeg)!.Width, ImageHeader.Read(jpeg)!.Height));
        Assert.Equal(1, ImageHeader.Read(jpeg)!.Orientation);
        Assert.Equal(quarters, ImageSamples.ReadQuarters(jpeg));
    }

    [Theory]
    [InlineData("heic")]
    [InlineData("avif")]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    public async Task What_is_cut_short_is_refused_and_the_next_image_converted(string type)
    {
        var whole = await SampleAsync(type);
        foreach (var share in new[] { 0.5, 0.8, 0.97 })
        {
            var cut = whole[..(int)(whole.Length * share)];
            if (ImageHeader.Read(cut) is not null)
            {
                Assert.Equal(MediaException.Unreadable, await RefusalAsync(cut));
            }
        }

        Assert.Equal(ImageSamples.Quarters, ImageSamples.ReadQuarters(await ConvertAsync(whole)));
    }

    [Fact]
    public async Task A_picture_larger_than_its_header_says_is_refused()
    {
        var heic = new HeifSample(await HeicAsync()) { Claim = (16, 16) }.Write();
        Assert.Equal(256, ImageHeader.Read(heic)!.Width);
        byte[] lying = [.. heic];
        var extents = lying.AsSpan();
        for (var at = extents.IndexOf("ispe"u8); at >= 0; at = extents.IndexOf("ispe"u8))
        {
            extents[(at + 8)..(at + 16)].Clear();
            (extents[at + 11], extents[at + 15]) = (16, 16);
            extents = extents[(at + 4)..];
        }

        Assert.Equal(new ImageInfo(ImageInfo.Heic, 16, 16), ImageHeader.Read(lying));
        var limit = 256 * 128 - 1;
        Assert.Contains(
            await Outcome.OfAsync(ConvertAsync(lying, maxPixels: limit)),
            new[] { MediaException.TooLarge, MediaException.Unreadable });
    }

    [Fact]
    public async Task More_memory_than_one_image_may_have_is_refused() =>
        Assert.Equal(MediaException.TooComplex, await RefusalAsync(ImageSamples.PngOfSize(20_000, 20_000), maxPixels: 1_000_000_000));

    [Theory]
    [InlineData("kill -9 $$", MediaException.TooComplex)]
    [InlineData("kill -24 $$", MediaException.TooComplex)]
    [InlineData("kill -11 $$", MediaException.Unreadable)]
    [InlineData("cat >/dev/null", MediaException.ToolsMissing)]
    [InlineData("echo hello", MediaException.ToolsMissing)]
    [InlineData("exit 20", MediaException.ToolsMissing)]
    [InlineData("exit 21", MediaException.Unreadable)]
    [InlineData("exit 22", MediaException.TooLarge)]
    [InlineData("exit 23", MediaException.TooComplex)]
    [InlineData("exit 24", MediaException.ToolsMissing)]
    [InlineData("head -c 70000000 /dev/zero", MediaException.TooComplex)]
    public async Task However_the_worker_ends_the_caller_is_told_something_clear(string script, string code)
    {
        using var converter = Outcome.Converter(Script(script));
        Assert.Equal(code, await Outcome.OfAsync(ConvertAsync(converter, ImageSamples.Png(8, 8))));
    }

    [Fact]
    public async Task A_worker_that_hangs_is_killed()
    {
        using var converter = Outcome.Converter(Script("exec sleep 1000") with { WallClock = TimeSpan.FromMilliseconds(200) });
        Assert.Equal(MediaException.TooComplex, await Outcome.OfAsync(ConvertAsync(converter, ImageSamples.Png(8, 8))));
    }

    [Fact]
    public async Task A_worker_that_is_not_there_is_a_tool_missing()
    {
        using var converter = Outcome.Converter(new MediaWorkerOptions { Program = new NativeProgram("/nowhere/openclaw") });
        Assert.Equal(MediaException.ToolsMissing, await Outcome.OfAsync(ConvertAsync(converter, ImageSamples.Png(8, 8))));
    }

    [Fact]
    public async Task Two_workers_run_at_a_time_and_those_that_wait_can_leave()
    {
        var mark = Path.GetTempFileName();
        var waiting = TestTools.Find("tail")! with { FirstArguments = ["-f", mark] };
        using var converter = Outcome.Converter(new MediaWorkerOptions { Program = waiting, WallClock = TimeSpan.FromMinutes(1) });
        using CancellationTokenSource first = new(), second = new(), third = new(), fourth = new();
        var conversions = new[] { first, second, third }.Select(leaves => ConvertAsync(converter, ImageSamples.Png(8, 8), leaves.Token)).ToList();
        Assert.Equal(2, Workers(mark));

        await third.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => conversions[2]);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => conversions[0]);
        Assert.Equal(1, Workers(mark));

        conversions.Add(ConvertAsync(converter, ImageSamples.Png(8, 8), fourth.Token));
        Assert.Equal(2, Workers(mark));
        await Task.WhenAll(second.CancelAsync(), fourth.CancelAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => conversions[1]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => conversions[3]);
        Assert.Equal(0, Workers(mark));
        File.Delete(mark);
    }

    [Fact]
    public async Task The_worker_inherits_nothing_of_the_gateways_environment()
    {
        const string Allowed = "^(DOTNET_[A-Za-z]*|LD_LIBRARY_PATH|LIBHEIF_PLUGIN_PATH|OPENCLAW_MEDIA_LIBRARIES|SHLVL|_)=";
        using var converter = Outcome.Converter(Script(
            $"grep -zq ^DOTNET_gcServer= /proc/$$/environ || exit 23; grep -zqvE '{Allowed}' /proc/$$/environ && exit 22; exit 21"));
        Assert.Equal(MediaException.Unreadable, await Outcome.OfAsync(ConvertAsync(converter, ImageSamples.Png(8, 8))));
    }

    [Fact]
    public async Task A_conversion_loads_no_decoder_into_the_gateway()
    {
        Assert.NotNull(Outcome.Tools.Images);
        await ConvertAsync(await HeicAsync());
        var maps = await File.ReadAllTextAsync("/proc/self/maps");
        Assert.DoesNotContain(ImageLibraries.Names, name => maps.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Started_by_hand_the_worker_refuses_what_is_no_request()
    {
        var program = new MediaWorkerOptions().Program with { Environment = new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" } };
        var result = await ToolProcess.RunAsync(
            program, [], "hello"u8.ToArray(), new ToolLimits(TimeSpan.FromMinutes(1), 1_000), CancellationToken.None);
        Assert.Equal((MediaWorkerExit.BadRequest, 0), (result.ExitCode, result.Output.Length));
    }

    private static MediaWorkerOptions Script(string script) =>
        new() { Program = new NativeProgram("/bin/sh") { FirstArguments = ["-c", script] } };

    private static int Workers(string mark) => Directory.EnumerateDirectories("/proc").Count(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });

    private static async Task<byte[]> SampleAsync(string type) => type switch
    {
        "png" => ImageSamples.Png(256, 128),
        "jpeg" => await ConvertAsync(ImageSamples.Png(256, 128)),
        "webp" => await ImageSamples.EncodeAsync("cwebp", "webp", ImageSamples.Png(256, 128), "-quiet"),
        _ => await ImageSamples.EncodeAsync("heif-enc", type, ImageSamples.Png(256, 128), type == "avif" ? ["-A"] : []),
    };

    private static Task<byte[]> HeicAsync() => SampleAsync("heic");

    private static async Task<string?> RefusalAsync(byte[] image, long maxPixels = 64_000_000) =>
        await Outcome.OfAsync(ConvertAsync(image, maxPixels: maxPixels));

    private static async Task<byte[]> ConvertAsync(byte[] image, int maxEdge = NoLimit, long maxPixels = 64_000_000)
    {
        using var converter = Outcome.Converter(new MediaWorkerOptions { WallClock = TimeSpan.FromMinutes(1) });
        return await converter.ToJpegAsync(image, ImageHeader.Read(image)!, maxEdge, maxPixels, TestContext.Current.CancellationToken);
    }

    private static Task<byte[]> ConvertAsync(ImageConverter converter, byte[] image, CancellationToken cancellationToken = default) =>
        converter.ToJpegAsync(image, ImageHeader.Read(image)!, NoLimit, 64_000_000, cancellationToken);
}

/// <summary>What became of an image.</summary>
internal static class Outcome
{
    public static MediaTools Tools { get; } = new();

    public static ImageConverter Converter(MediaWorkerOptions options) => new(Tools, options, NullLogger<ImageConverter>.Instance);

    /// <returns>The error's code; null when there was none.</returns>
    public static async Task<string?> OfAsync(Task conversion)
    {
        try
        {
            await conversion;
            return null;
        }
        catch (MediaException refusal)
        {
            return refusal.Code;
        }
    }
}
