using System.Text;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Text;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

public sealed class TextDecoderTests
{
    [Theory]
    [InlineData("EFBBBF68C3A9", null, "hé")]
    [InlineData("FFFE6800E900", "utf-8", "hé")]
    [InlineData("FEFF006800E9", null, "hé")]
    [InlineData("68C3A9", null, "hé")]
    [InlineData("68E9", "iso-8859-1", "hé")]
    [InlineData("68E9", null, "hé")]
    [InlineData("80", "windows-1252", "€")]
    [InlineData("93FA967B", "shift_jis", "日本")]
    [InlineData("C4E3BAC3", "gb18030", "你好")]
    [InlineData("68C3A9", "no-such-charset", "hé")]
    [InlineData("", "utf-8", "")]
    public void Bytes_become_text_by_mark_charset_or_sense(string hex, string? charset, string text) =>
        Assert.Equal(text, TextDecoder.Decode(Convert.FromHexString(hex), charset, isHtml: false));

    [Fact]
    public void A_page_may_name_its_charset_itself() =>
        Assert.EndsWith("日本", TextDecoder.Decode(
            [.. "<html><head><meta charset=\"shift_jis\">"u8, 0x93, 0xFA, 0x96, 0x7B], null, isHtml: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("68006900", null)]
    [InlineData("89504E470D0A1A0A0000000D", "utf-8")]
    public void Content_with_zero_bytes_is_no_text(string hex, string? charset) =>
        Assert.Equal(MediaException.Unreadable, Assert.Throws<MediaException>(
            () => TextDecoder.Decode(Convert.FromHexString(hex), charset, isHtml: false)).Code);

    [Fact]
    public void A_head_cuts_no_character_in_two() => Assert.Equal("a", Utf16.Head("a😀b", 2));

    [Theory]
    [InlineData("data:text/plain;charset=utf-8;base64,aGk=", "text/plain", "utf-8", "hi")]
    [InlineData("data:;base64,aGk=", null, null, "hi")]
    [InlineData("DATA:Text/HTML,%3Cb%3Ehi", "text/html", null, "<b>hi")]
    [InlineData("data:application/json;name=x;BASE64,e30 =", "application/json", null, "{}")]
    public void A_data_url_gives_its_type_and_content(string url, string? type, string? charset, string content)
    {
        var data = DataUrl.Parse(url)!;
        Assert.Equal((type, charset), (data.MediaType, data.Charset));
        Assert.Equal(content, Encoding.UTF8.GetString(data.TryDecode()!));
        Assert.InRange(data.MaxLength, content.Length, content.Length + 10);
    }

    [Theory]
    [InlineData("data:text/plain;base64,???")]
    [InlineData("data:text/plain,%zz")]
    [InlineData("data:text/plain,é")]
    public void Broken_data_is_no_content(string url) => Assert.Null(DataUrl.Parse(url)!.TryDecode());

    [Theory]
    [InlineData("data:text/plain")]
    [InlineData("https://example.com/,")]
    public void Other_urls_are_not_data(string url) => Assert.Null(DataUrl.Parse(url));

    [Theory]
    [InlineData("text/plain", "a.bin", "hello", "text/plain")]
    [InlineData(null, "a.MD", "hello", "text/markdown")]
    [InlineData("application/octet-stream", "table.csv", "a,b", "text/csv")]
    [InlineData("TEXT/JSON; charset=utf-8", null, "{}", "application/json")]
    [InlineData(null, null, "hello", "text/plain")]
    [InlineData(null, null, "%PDF-1.7\n", "application/pdf")]
    [InlineData("application/x-pdf", null, "%PDF-1.7\n", "application/pdf")]
    public void A_file_is_what_its_bytes_say_or_what_was_declared(string? declared, string? name, string content, string type) =>
        Assert.Equal(type, FileTypes.Resolve(declared, name, Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void Bytes_that_contradict_the_declared_type_are_refused() =>
        Assert.Equal(MediaException.UnsupportedType, Assert.Throws<MediaException>(
            () => FileTypes.Resolve("text/plain", "a.txt", "%PDF-1.7\n"u8)).Code);
}
