using System.Text;
using OpenClaw.Errors;
using OpenClaw.Media;
using OpenClaw.Media.Files;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Types by magic numbers.</summary>
public class MediaTypesTests
{
    [Theory]
    [InlineData("89504E470D0A1A0A0000000D49484452", "image/png")]
    [InlineData("FFD8FFE000104A4649460001", "image/jpeg")]
    [InlineData("FFD8FFDB", "image/jpeg")]
    [InlineData("474946383761", "image/gif")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("52494646000000005745425056503820", "image/webp")]
    [InlineData("524946460000000057415645666D7420", "audio/wav")]
    [InlineData("255044462D312E37", "application/pdf")]
    [InlineData("504B03041400", "application/zip")]
    [InlineData("504B05060000", "application/zip")]
    [InlineData("4F6767530002", "application/ogg")]
    [InlineData("494433040000", "audio/mpeg")]
    [InlineData("FFFB9064", "audio/mpeg")]
    [InlineData("FFF38064", "audio/mpeg")]
    [InlineData("0000001C667479706865696300000000686569636D696631", "image/heic")]
    [InlineData("00000018667479706D696631000000006D69663168656963", "image/heic")]
    [InlineData("0000001C667479706D696631000000006D69663161766966", "image/avif")]
    [InlineData("00000018667479706D73663100000000", "image/heic")]
    [InlineData("0000001C667479706176696600000000", "image/avif")]
    [InlineData("00000018667479706D70343200000000", "video/mp4")]
    [InlineData("00000018667479704D34412000000000", "video/mp4")]
    [InlineData("0000001466747970717420200000000061766966", "video/mp4")]
    [InlineData("", null)]
    [InlineData("89", null)]
    [InlineData("FF", null)]
    [InlineData("FFD8", null)]
    [InlineData("FFFE68006900", null)] // UTF-16 text
    [InlineData("FFF15080", null)] // AAC
    [InlineData("FFFFFFFF", null)]
    [InlineData("524946460000000041564920", null)]
    [InlineData("52494646", null)]
    [InlineData("0000001866747970", null)]
    [InlineData("68656C6C6F", null)]
    [InlineData("504B0708", null)]
    [InlineData("00504E470D0A1A0A", null)]
    public void First_bytes_tell_the_type(string start, string? type)
    {
        Assert.Equal(type, MediaTypes.Sniff(Convert.FromHexString(start)));
        Assert.Equal(type, MediaTypes.Sniff([.. Convert.FromHexString(start), .. start.Length >= 24 ? new byte[200] : []]));
    }

    [Fact]
    public void No_input_of_any_length_makes_it_fail()
    {
        var random = new Random(7);
        byte[][] seeds =
        [
            .. new[] { "0000001C667479706D69663100000000", "52494646000000005745", "FFFB9064", "89504E470D0A1A0A" }.Select(
                Convert.FromHexString),
        ];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])seeds[i % seeds.Length].Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var type = MediaTypes.Sniff(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            Assert.True(type is null || type.Contains('/', StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "504B0304", true)]
    [InlineData("application/epub+zip", "504B0304", true)]
    [InlineData("application/x-zip-compressed", "504B0304", true)]
    [InlineData("image/heif", "0000001C667479706865696300000000", true)]
    [InlineData("audio/x-m4a", "00000018667479704D34412000000000", true)]
    [InlineData("video/quicktime", "00000014667479707174202000000000", true)]
    [InlineData("audio/ogg", "4F676753", true)]
    [InlineData("audio/mp3", "494433", true)]
    [InlineData("text/html", "504B0304", false)]
    [InlineData("application/zip+x", "504B0304", false)]
    [InlineData("text/plain", "255044462D", false)]
    [InlineData("image/png", "FFD8FF", false)]
    [InlineData("video/mp4", "0000", false)]
    [InlineData("not a type", "FFD8FF", true)]
    [InlineData("a/b/c", "00", true)]
    public void A_declared_type_fits_its_family(string declared, string start, bool fits)
    {
        if (fits)
        {
            Assert.NotEmpty(MediaTypes.Decide(declared, Convert.FromHexString(start)));
        }
        else
        {
            Assert.Equal("media_type_mismatch", Assert.Throws<GatewayException>(
                () => MediaTypes.Decide(declared, Convert.FromHexString(start))).Error.Code);
        }
    }

    [Theory]
    [InlineData("a\nb\u202e\0.txt", "ab.txt")]
    [InlineData("  .. ", "file.txt")]
    [InlineData("a\"b<c>d:e|f?g*h%i", "a_b_c_d_e_f_g_h_i")]
    [InlineData("\ud800x.txt", "x.txt")]
    [InlineData("名前 😀.txt", "名前 😀.txt")]
    [Trait("Feature", "T24")]
    public void Names_are_cleaned(string name, string clean)
    {
        Assert.Equal(clean, MediaName.Clean(name, "text/plain"));
        Assert.InRange(MediaName.Clean(string.Concat(Enumerable.Repeat("😀", 500)), "text/plain").Length, 100, 180);
        Assert.Equal(clean, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean)));
    }
}
