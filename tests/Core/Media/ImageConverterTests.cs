using OpenClaw.Media;
using OpenClaw.Media.Images;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Images decoded by the real executable, in a process of its own.</summary>
public class ImageConverterTests
{
    private const int NoLimit = 8_000;

    [Fact]
    [Trait("Feature", "F55")]
    public async Task A_HEIC_becomes_a_JPEG()
    {
        var jpeg = await ConvertAsync(Heic);
        Assert.Equal(Jpeg(256, 128), ImageHeader.Read(jpeg));
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
        var heic = new HeifSample(Heic) { Turns = turns, IsMirrored = isMirrored }.Write();
        Assert.Equal((256, 128), (ImageHeader.Read(heic)!.Width, ImageHeader.Read(heic)!.Height));
        var jpeg = await ConvertAsync(heic);
        Assert.Equal(Jpeg(width, height), ImageHeader.Read(jpeg));
        Assert.Equal(quarters, ImageSamples.ReadQuarters(jpeg));
    }

    [Fact]
    [Trait("Feature", "F55")]
    public async Task The_tiles_of_a_phones_HEIC_are_put_together_and_turned()
    {
        var heic = new HeifSample(Heic) { Turns = 3 }.WriteGrid(columns: 3, rows: 4);
        Assert.Equal(new ImageInfo(ImageInfo.Heic, 768, 512), ImageHeader.Read(heic));
        var jpeg = await ConvertAsync(heic);
        Assert.Equal(Jpeg(512, 768), ImageHeader.Read(jpeg));
        var picture = JpegBlocks.Read(jpeg);
        Assert.All(
            from column in Enumerable.Range(0, 4) from row in Enumerable.Range(0, 3) select ((column + 0.25) / 4, (row + 0.25) / 3),
            upperLeft => Assert.InRange(picture.At(upperLeft.Item1, upperLeft.Item2).Blue, 226, 255));
    }

    [Theory]
    [InlineData("quarters-10bit.heic", "RG/BY")]
    [InlineData("quarters-clear.heic", "RG/WW")]
    [InlineData("quarters.avif", "RG/BY")]
    [InlineData("quarters-clear.avif", "RG/WW")]
    [Trait("Feature", "F55")]
    public async Task Ten_bits_alpha_and_AVIF_are_read(string file, string quarters)
    {
        var image = Samples.Read(file);
        Assert.Equal("image/" + Path.GetExtension(file)[1..], ImageHeader.Read(image)!.MediaType);
        Assert.Equal(quarters, ImageSamples.ReadQuarters(await ConvertAsync(image)));
    }

    [Theory]
    [InlineData(8, false, "RG/BY")]
    [InlineData(16, false, "RG/BY")]
    [InlineData(8, true, "RG/WW")]
    [InlineData(16, true, "RG/WW")]
    public async Task A_PNG_is_scaled_and_flattened_on_white(int bits, bool isLowerHalfClear, string quarters)
    {
        var jpeg = await ConvertAsync(ImageSamples.Png(700, 300, bits, isLowerHalfClear), maxEdge: 128);
        Assert.Equal(Jpeg(128, 55), ImageHeader.Read(jpeg));
        Assert.Equal(quarters, ImageSamples.ReadQuarters(jpeg));
    }

    [Theory]
    [InlineData("quarters.webp", "RG/BY")]
    [InlineData("quarters-lossless.webp", "RG/BY")]
    [InlineData("quarters-clear.webp", "RG/WW")]
    public async Task A_WebP_is_scaled_and_flattened_on_white(string file, string quarters)
    {
        var jpeg = await ConvertAsync(Samples.Read(file), maxEdge: 64);
        Assert.Equal(Jpeg(64, 32), ImageHeader.Read(jpeg));
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
    [InlineData("heic", 0.5, "no image")]
    [InlineData("heic", 0.8, "unreadable_file")]
    [InlineData("heic", 0.97, "unreadable_file")]
    [InlineData("avif", 0.5, "no image")]
    [InlineData("avif", 0.8, "unreadable_file")]
    [InlineData("avif", 0.97, "unreadable_file")]
    [InlineData("png", 0.5, "unreadable_file")]
    [InlineData("png", 0.8, "unreadable_file")]
    [InlineData("png", 0.97, "unreadable_file")]
    [InlineData("webp", 0.5, "shown")]
    [InlineData("webp", 0.8, "shown")]
    [InlineData("webp", 0.97, "shown")]
    public async Task A_truncated_image_is_refused_unless_it_is_WebP_and_the_next_one_is_converted(
        string type, double share, string outcome)
    {
        var whole = type == "png" ? ImageSamples.Png(256, 128) : Samples.Read("quarters." + type);
        var cut = whole[..(int)(whole.Length * share)];
        Assert.Equal(outcome, ImageHeader.Read(cut) is null ? "no image" : await RefusalAsync(cut) ?? "shown");
        Assert.Equal(ImageSamples.Quarters, ImageSamples.ReadQuarters(await ConvertAsync(whole)));
    }

    [Fact]
    public async Task A_JPEG_that_is_cut_short_shows_what_there_is()
    {
        var whole = await ConvertAsync(ImageSamples.Png(256, 128));
        var jpeg = await ConvertAsync(whole[..(int)(whole.Length * 0.8)]);
        Assert.StartsWith("RG", ImageSamples.ReadQuarters(jpeg), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_transparent_pixels_are_mixed_with_white_as_viewers_do()
    {
        var jpeg = await ConvertAsync(ImageSamples.GreyPng(256, 128, grey: 0, alpha: 128), maxEdge: 64);
        Assert.InRange(JpegBlocks.Read(jpeg).At(0.5, 0.5).Red, 124, 130);
    }

    [Fact]
    public async Task Colours_of_a_wide_profile_arrive_as_sRGB()
    {
        var jpeg = await ConvertAsync(Samples.Read("red_p3_8100x64.jpg"), maxEdge: 2_048);
        var (red, green, blue) = JpegBlocks.Read(jpeg).At(0.5, 0.5);
        Assert.InRange(red, 204, 212);
        Assert.InRange(green, 26, 38);
        Assert.InRange(blue, 26, 38);
        Assert.True(jpeg.AsSpan().IndexOf("ICC_PROFILE"u8) < 0);
    }

    [Fact]
    public async Task A_profile_that_claims_a_billion_tags_is_left_out()
    {
        var image = Samples.Read("red_p3_8100x64.jpg");
        var signature = image.AsSpan().IndexOf("acsp"u8);
        image.AsSpan(signature + 92, 4).Fill(0x7F);
        var jpeg = await ConvertAsync(image, maxEdge: 2_048);
        Assert.InRange(JpegBlocks.Read(jpeg).At(0.5, 0.5).Red, 187, 195);
    }

    [Fact]
    public async Task The_crop_and_the_alpha_of_an_AVIF_are_kept()
    {
        var jpeg = await ConvertAsync(Samples.Read("blue-and-magenta-crop.avif"));
        Assert.Equal(Jpeg(180, 100), ImageHeader.Read(jpeg));
    }

    [Fact]
    public async Task A_picture_larger_than_its_header_says_is_refused()
    {
        var heic = new HeifSample(Heic) { Claim = (16, 16) }.Write();
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

    private static byte[] Heic => Samples.Read("quarters.heic");

    private static ImageInfo Jpeg(int width, int height) => new(ImageInfo.Jpeg, width, height) { Channels = 3 };

    private static async Task<string?> RefusalAsync(byte[] image, long maxPixels = 64_000_000) =>
        await Outcome.OfAsync(ConvertAsync(image, maxPixels: maxPixels));

    private static Task<byte[]> ConvertAsync(byte[] image, int maxEdge = NoLimit, long maxPixels = 64_000_000) =>
        new ImageConverter(Outcome.Workers).ToJpegAsync(
        image, ImageHeader.Read(image)!, maxEdge, maxPixels, long.MaxValue, Outcome.Caller, TestContext.Current.CancellationToken);
}
