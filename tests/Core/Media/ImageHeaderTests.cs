using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Media.Images;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>What the first bytes of an image tell, whoever wrote them.</summary>
public class ImageHeaderTests
{
    public static TheoryData<string, byte[], ImageInfo> Headers => new()
    {
        { "png", ImageSamples.Png(40, 30), new(ImageInfo.Png, 40, 30) },
        { "png bomb", ImageSamples.PngOfSize(60_000, 60_000), new(ImageInfo.Png, 60_000, 60_000) },
        { "png, animated", ImageSamples.AnimatedPng(), new(ImageInfo.Png, 8, 8) { IsAnimated = true } },
        { "jpeg", ImageSamples.JpegOfSize(4_000, 3_000), Jpeg(4_000, 3_000) },
        { "jpeg bomb", ImageSamples.JpegOfSize(60_000, 60_000), Jpeg(60_000, 60_000) },
        { "jpeg, turned", ImageSamples.Orient(ImageSamples.JpegOfSize(40, 30), 6), Jpeg(40, 30, 6) },
        { "jpeg, turned, little-endian", ImageSamples.Orient(ImageSamples.JpegOfSize(40, 30), 8, isBigEndian: false), Jpeg(40, 30, 8) },
        { "jpeg, no such orientation", ImageSamples.Orient(ImageSamples.JpegOfSize(40, 30), 9), Jpeg(40, 30) },
        { "jpeg with fill bytes", [0xFF, 0xD8, 0xFF, 0xFF, 0xFF, .. ImageSamples.JpegOfSize(40, 30)[2..]], Jpeg(40, 30) },
        { "jpeg with bytes between segments",
            [.. ImageSamples.JpegOfSize(40, 30)[..8], 0, 7, 0xFF, 0, .. ImageSamples.JpegOfSize(40, 30)[8..]], Jpeg(40, 30) },
        { "jpeg whose segment reaches beyond its end", [0xFF, 0xD8, 0xFF, 0xED, 0xFF, 0xF0, 1, 2, .. ImageSamples.JpegOfSize(40, 30)[2..]],
            Jpeg(40, 30) },
        { "jpeg of inks", [.. ImageSamples.JpegOfSize(40, 30)[..17], 4, .. ImageSamples.JpegOfSize(40, 30)[18..]], Jpeg(
            40, 30) with { Channels = 4 } },
        { "gif", ImageSamples.Gif(12, 7), new(ImageInfo.Gif, 12, 7) },
        { "gif, animated", ImageSamples.Gif(12, 7, pictures: 3), new(ImageInfo.Gif, 12, 7) { IsAnimated = true } },
        { "gif, picture beyond its screen", [.. ImageSamples.Gif(12, 7)[..6], 1, 0, 1, 0, .. ImageSamples.Gif(12, 7)[10..]], new(
            ImageInfo.Gif, 12, 7) },
        { "webp, lossy", ImageSamples.SimpleWebPOfSize(300, 200, isLossless: false), new(ImageInfo.WebP, 300, 200) },
        { "webp, lossless", ImageSamples.SimpleWebPOfSize(16_384, 9, isLossless: true), new(ImageInfo.WebP, 16_384, 9) },
        { "webp, extended", ImageSamples.WebPOfSize(70_000, 3), new(ImageInfo.WebP, 70_000, 3) },
        { "webp, animated", ImageSamples.WebPOfSize(20, 3, isAnimated: true), new(ImageInfo.WebP, 20, 3) { IsAnimated = true } },
        { "heic", Heif("heic", (40, 30)), new(ImageInfo.Heic, 40, 30) },
        { "heic of tiles", Heif("heic", (512, 512), (4_032, 3_024), (320, 240)), new(ImageInfo.Heic, 4_032, 3_024) },
        { "heic bomb", Heif("heic", (60_000, 60_000)), new(ImageInfo.Heic, 60_000, 60_000) },
        { "heic sequence", Heif("hevc", (40, 30)), new(ImageInfo.Heic, 40, 30) { IsAnimated = true } },
        { "heif", Heif("mif1", (40, 30)), new(ImageInfo.Heif, 40, 30) },
        { "avif", Heif("avif", (40, 30)), new(ImageInfo.Avif, 40, 30) },
        { "gif that is also a script", [.. ImageSamples.Gif(12, 7), .. "=1;alert(1)//"u8], new(ImageInfo.Gif, 12, 7) },
        { "png that is also an archive", [.. ImageSamples.Png(40, 30), .. "PK\u0003\u0004"u8, .. new byte[40]], new(
            ImageInfo.Png, 40, 30) },
    };

    public static TheoryData<string, byte[]> Others => new()
    {
        { "nothing", [] },
        { "html", "<!DOCTYPE html><img src=x>"u8.ToArray() },
        { "svg", "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>"u8.ToArray() },
        { "pdf", "%PDF-1.7\n"u8.ToArray() },
        { "mp4", [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 0, 0, .. "isomavc1"u8, .. new byte[40]] },
        { "html behind a png's signature", [.. ImageSamples.Png(1, 1)[..8], .. "<script>alert(1)</script>                      "u8] },
        { "png without extent", ImageSamples.PngOfSize(0, 10) },
        { "png with a negative extent", ImageSamples.PngOfSize(-1, 10) },
        { "jpeg without lines", ImageSamples.JpegOfSize(10, 0) },
        { "jpeg of fill bytes", [0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 1_000_000)] },
        { "gif without extent", ImageSamples.Gif(0, 0) },
        { "heic without extent", Heif("heic") },
        { "heic of empty boxes",
            [.. Heif("heic")[..20], .. Enumerable.Repeat<byte[]>([0, 0, 0, 8, .. "free"u8], 100_000).SelectMany(b => b)] },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    [Trait("Feature", "F55")]
    public void A_header_gives_type_size_and_orientation(string name, byte[] image, ImageInfo expected) =>
        Assert.True(expected == ImageHeader.Read(image), $"{name}: {ImageHeader.Read(image)}");

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_header_cut_anywhere_is_no_image_or_the_same_size(string name, byte[] image, ImageInfo expected)
    {
        for (var length = 0; length < image.Length; length++)
        {
            if (ImageHeader.Read(image.AsSpan(0, length)) is { } info)
            {
                Assert.True(info.MediaType == expected.MediaType && info.Pixels <= expected.Pixels, $"{name}, {length} bytes: {info}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Others))]
    [Trait("Feature", "F55")]
    public void Other_files_have_no_image_header(string name, byte[] bytes) => Assert.True(ImageHeader.Read(bytes) is null, name);

    [Fact]
    public void Bytes_at_random_never_throw()
    {
        var starts = Headers.Select(h => ((byte[])h.Data.Item2)[..Math.Min(40, h.Data.Item2.Length)]).ToArray();
        var files = from start in Gen.Elements(starts)
                    from kept in Gen.Choose(2, 40)
                    from rest in ArbMap.Default.ArbFor<byte[]>().Generator
                    select (byte[])[.. start.AsSpan(0, Math.Min(kept, start.Length)), .. rest];
        Prop.ForAll(files.ToArbitrary(), IsSound).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000).WithReplay(20261127, 1));
    }

    [Fact]
    public void Headers_with_changed_bytes_never_throw()
    {
        var samples = Headers.Select(h => h.Data.Item2).Where(image => image.Length < 1_000).ToArray();
        var files = from sample in Gen.Elements(samples)
                    from changes in Gen.Choose(0, sample.Length - 1).Zip(Gen.Choose(0, 255)).ListOf()
                    select changes.Aggregate(sample.ToArray(), (image, change) =>
                    {
                        image[change.Item1] = (byte)change.Item2;
                        return image;
                    });
        Prop.ForAll(files.ToArbitrary(), IsSound).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000).WithReplay(20261127, 1));
    }

    private static bool IsSound(byte[] image) =>
        ImageHeader.Read(image) is not { } info || info is { Width: > 0, Height: > 0, Orientation: >= 1 and <= 8 };

    private static byte[] Heif(string brand, params (int Width, int Height)[] extents)
    {
        byte[] properties = [.. extents.SelectMany(e => Box("ispe", [0, 0, 0, 0, .. Number(e.Width), .. Number(e.Height)]))];
        return
        [
            .. Box("ftyp", [.. Encoding.ASCII.GetBytes(brand), 0, 0, 0, 0, .. "miaf"u8]),
            .. Box("free", [1, 2, 3]),
            .. Box("meta", [0, 0, 0, 0, .. Box("hdlr", new byte[20]), .. Box("iprp", Box("ipco", properties))]),
        ];
    }

    private static byte[] Box(string type, byte[] content) => [.. Number(content.Length + 8), .. Encoding.ASCII.GetBytes(type), .. content];

    private static byte[] Number(int value) => [.. BitConverter.GetBytes(value).Reverse()];

    private static ImageInfo Jpeg(int width, int height, int orientation = 1) =>
        new(ImageInfo.Jpeg, width, height) { Orientation = orientation, Channels = 3 };
}
