using System.Text;
using OpenClaw.Media.Images;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>What an image tells besides its pixels.</summary>
public sealed class ImageMetadataTests
{
    private const string Place = "48.8584 N 2.2945 E";

    private static readonly ImageLimits Limits = new([ImageInfo.Jpeg, ImageInfo.Png, ImageInfo.Gif, ImageInfo.WebP], 10 * 1024 * 1024);

    public static TheoryData<string, byte[], byte[]> Images
    {
        get
        {
            byte[] jpeg = ImageSamples.JpegOfSize(40, 30), png = ImageSamples.Png(40, 30), gif = ImageSamples.Gif(
                8, 8), webp = Samples.Read("quarters.webp");
            byte[] icc = Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, 9, 9]), place = Encoding.ASCII.GetBytes(Place);
            return new TheoryData<string, byte[], byte[]>
            {
                { "XMP of a JPEG", [.. jpeg[..2], .. Segment(
                    0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. place]), .. icc, .. jpeg[2..]], [.. jpeg[..2], .. icc, .. jpeg[2..]] },
                { "IPTC of a JPEG", [.. jpeg[..2], .. Segment(0xED, place), .. jpeg[2..]], jpeg },
                { "a second JPEG", [.. jpeg, 1, 2, 0xFF, 0xD9, .. jpeg, .. place], [.. jpeg, 1, 2, 0xFF, 0xD9] },
                { "XMP of a PNG", [.. png[..33], .. Chunk("iTXt", place), .. png[33..]], png },
                { "EXIF of a PNG", [.. png[..33], .. Chunk("eXIf", place), .. png[33..]], png },
                { "behind a PNG", [.. png, .. place], png },
                { "EXIF of a WebP", [.. webp, .. "EXIF"u8, 18, 0, 0, 0, .. place], webp },
                { "XMP of a GIF", [.. gif[..^1], 0x21, 0xFF, 11, .. "XMP DataXMP"u8, 18, .. place, 0, 0x3B], gif },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Images))]
    [Trait("Feature", "F55")]
    public async Task The_place_where_an_image_was_taken_does_not_go_to_the_model(string name, byte[] image, byte[] expected)
    {
        Assert.True(image.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Place)) > 0);
        Assert.True((await PrepareAsync(image, Limits)).AsSpan().SequenceEqual(expected), name);
        Assert.Equal(image, await PrepareAsync(image, Limits with { KeepMetadata = true }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public async Task Which_way_up_a_JPEG_is_stays(int orientation)
    {
        var jpeg = ImageSamples.Orient(ImageSamples.JpegOfSize(40, 30), orientation);
        var stripped = await PrepareAsync(jpeg, Limits);
        Assert.Equal(ImageHeader.Read(jpeg), ImageHeader.Read(stripped));
        Assert.Equal(orientation == 1, stripped.AsSpan().IndexOf("Exif"u8) < 0);
    }

    private static async Task<byte[]> PrepareAsync(byte[] image, ImageLimits limits) =>
        (await new ImageReader(new ImageConverter(Outcome.Workers)).PrepareAsync(
            image, limits, Outcome.Caller, TestContext.Current.CancellationToken)).Bytes.ToArray();

    private static byte[] Segment(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static byte[] Chunk(string type, byte[] content) =>
        [0, 0, 0, (byte)content.Length, .. Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];
}
