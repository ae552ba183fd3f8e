using OpenClaw.Media;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>What of a user's image is sent to a model.</summary>
public class ImageReaderTests
{
    private static readonly ImageLimits Limits = new(
        [ImageInfo.Jpeg, ImageInfo.Png, ImageInfo.Gif, ImageInfo.WebP, ImageInfo.Heic, ImageInfo.Avif], 10 * 1024 * 1024);

    /// <summary>Any use of the worker fails.</summary>
    private static readonly MediaWorkerOptions NoWorker = new() { Program = new NativeProgram("/nowhere/openclaw") };

    public static TheoryData<string, byte[], string> Welcome => new()
    {
        { "png", ImageSamples.Png(40, 30), ImageInfo.Png },
        { "animated png", ImageSamples.AnimatedPng(), ImageInfo.Png },
        { "jpeg", ImageSamples.JpegOfSize(4_000, 3_000), ImageInfo.Jpeg },
        { "animated gif", ImageSamples.Gif(12, 7, pictures: 3), ImageInfo.Gif },
        { "animated webp", ImageSamples.WebPOfSize(20, 3, isAnimated: true), ImageInfo.WebP },
        { "gif and script", [.. ImageSamples.Gif(12, 7), .. "=1;alert(1)//"u8], ImageInfo.Gif },
        { "the longest edge", ImageSamples.PngOfSize(8_000, 8_000), ImageInfo.Png },
    };

    public static TheoryData<string, byte[], string, string> Unwelcome => new()
    {
        { "svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray(), MediaException.UnsupportedType, "image/png" },
        { "html", "<html>"u8.ToArray(), MediaException.UnsupportedType, "image/heic" },
        { "nothing", [], MediaException.UnsupportedType, "image/jpeg" },
        { "png bomb", ImageSamples.PngOfSize(60_000, 60_000), MediaException.TooLarge, "64000000" },
        { "jpeg bomb", ImageSamples.JpegOfSize(60_000, 60_000), MediaException.TooLarge, "60000 x 60000" },
        { "webp bomb", ImageSamples.WebPOfSize(1 << 24, 1 << 24), MediaException.TooLarge, "64000000" },
        { "gif bomb", ImageSamples.Gif(60_000, 60_000), MediaException.TooLarge, "64000000" },
        { "long gif", ImageSamples.Gif(8_001, 10, pictures: 2), MediaException.TooLarge, "8000" },
        { "long animated webp", ImageSamples.WebPOfSize(8_001, 10, isAnimated: true), MediaException.TooLarge, "8000" },
        { "too many bytes", new byte[(10 * 1024 * 1024) + 1], MediaException.TooLarge, "10485760" },
        { "gif of too many bytes", [.. ImageSamples.Gif(10, 10, pictures: 2), .. new byte[6 * 1024 * 1024]], MediaException.TooLarge,
            "5242880" },
    };

    [Theory]
    [MemberData(nameof(Welcome))]
    [Trait("Feature", "F55")]
    public async Task Formats_that_models_take_pass_byte_for_byte(string name, byte[] image, string mediaType)
    {
        var prepared = await PrepareAsync(image, Limits, NoWorker);
        Assert.True(image.AsSpan().SequenceEqual(prepared.Bytes.Span), name);
        Assert.Equal(mediaType, prepared.MediaType);
    }

    [Theory]
    [MemberData(nameof(Unwelcome))]
    [Trait("Feature", "F55")]
    [Trait("Feature", "F63")]
    public async Task Large_images_and_other_files_are_refused_before_a_process_starts(string name, byte[] image, string code, string named)
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(() => PrepareAsync(image, Limits, NoWorker));
        Assert.Equal((name, code), (name, refusal.Code));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F63")]
    public async Task A_type_that_is_not_allowed_is_refused_by_name()
    {
        var refusal = await Assert.ThrowsAsync<MediaException>(
            () => PrepareAsync(ImageSamples.Gif(4, 4), Limits with { AllowedTypes = ["image/png", "image/jpeg"] }, NoWorker));
        Assert.Equal(MediaException.UnsupportedType, refusal.Code);
        Assert.Equal("'image/gif' is not allowed here; allowed are image/png, image/jpeg.", refusal.Message);
    }

    [Fact]
    [Trait("Feature", "F55")]
    public async Task A_HEIC_bomb_is_refused_by_its_header()
    {
        var heic = new HeifSample(Samples.Read("quarters.heic")) { Claim = (60_000, 60_000) };
        foreach (var bomb in new[] { heic.Write(), heic.WriteGrid(2, 2) })
        {
            Assert.Equal(MediaException.TooLarge, await Outcome.OfAsync(PrepareAsync(bomb, Limits, NoWorker)));
        }
    }

    [Theory]
    [InlineData(ImageInfo.Heic)]
    [InlineData(ImageInfo.Heif)]
    [Trait("Feature", "F55")]
    public async Task A_HEIC_is_sent_as_an_upright_JPEG(string allowed)
    {
        var heic = new HeifSample(Samples.Read("quarters.heic")) { Turns = 1 }.Write();
        var prepared = await PrepareAsync(heic, Limits with { AllowedTypes = [allowed] });
        Assert.Equal(ImageInfo.Jpeg, prepared.MediaType);
        Assert.Equal("GY/RB", ImageSamples.ReadQuarters(prepared.Bytes.ToArray()));
    }

    [Fact]
    [Trait("Feature", "F55")]
    public async Task An_edge_too_long_is_scaled()
    {
        var prepared = await PrepareAsync(ImageSamples.Png(8_200, 64), Limits);
        Assert.Equal(new ImageInfo(ImageInfo.Jpeg, 2_048, 16) { Channels = 3 }, ImageHeader.Read(prepared.Bytes.Span));
        Assert.Equal(ImageInfo.Jpeg, prepared.MediaType);
    }

    [Fact]
    [Trait("Feature", "F55")]
    public async Task An_image_of_too_many_bytes_is_scaled_until_it_fits()
    {
        var image = ImageSamples.NoisePng(1_000, 900);
        var prepared = await PrepareAsync(image, Limits with { MaxSentBytes = 400_000 });
        Assert.InRange(prepared.Bytes.Length, 1, 400_000);
        Assert.Equal((ImageInfo.Jpeg, 512), (prepared.MediaType, ImageHeader.Read(prepared.Bytes.Span)!.Width));
        Assert.Equal(MediaException.TooLarge, await Outcome.OfAsync(PrepareAsync(image, Limits with { MaxSentBytes = 500 })));
    }

    private static async Task<PreparedImage> PrepareAsync(byte[] image, ImageLimits limits, MediaWorkerOptions? options = null)
    {
        using var workers = options is null ? null : Outcome.Start(options);
        return await new ImageReader(new ImageConverter(workers ?? Outcome.Workers)).PrepareAsync(
            image, limits, Outcome.Caller, TestContext.Current.CancellationToken);
    }
}
