using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

public sealed class PdfReaderTests
{
    private static readonly PdfLimits Usual = new(MaxPages: 4, MaxPixels: 4_000_000, MinTextChars: 200, MaxChars: 200_000);
    private static readonly PdfLimits TextOnly = Usual with { MinTextChars = 1 };

    private readonly PdfReader _reader = new(Outcome.Workers);

    /// <summary>So that what takes forever does not take the tests as long.</summary>
    private readonly PdfReader _hasty = new(Outcome.Workers) { Times = new PdfTimes(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string> Readable => new()
    {
        { "Latin text", PdfSamples.Text(), PdfSamples.Sentence },
        { "Latin-1 text", PdfSamples.Text("Grüße (naïve) \\ café"), "Grüße (naïve) \\ café" },
        { "Chinese that only a map tells", PdfSamples.WithToUnicode(), PdfSamples.Chinese },
        { "no cross-reference table", PdfSamples.WithoutXref(), PdfSamples.Sentence },
        { "broken startxref", PdfSamples.WithBrokenStartXref(), PdfSamples.Sentence },
        { "AES-256 without a password", PdfSamples.Encrypted(), PdfSamples.Sentence },
        { "a late header", [.. new byte[1020], .. PdfSamples.Text()], PdfSamples.Sentence },
        { "pages", PdfSamples.Pages(3), "Page 1\n\nPage 2\n\nPage 3" },
        { "a form that draws itself", PdfSamples.CyclicForm(), PdfSamples.Sentence },
        { "a GIF, a page and a PDF in one", PdfSamples.Polyglot(), PdfSamples.Sentence },
    };

    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "empty", [] },
        { "text", "Hello"u8.ToArray() },
        { "only a header", "%PDF-1.7\n"u8.ToArray() },
        { "truncated", PdfSamples.Truncated() },
        { "a password", PdfSamples.Encrypted("secret") },
        { "its own page tree's child", PdfSamples.CyclicPageTree() },
        { "no pages", PdfSamples.NoPages() },
        { "an object number in quadrillions", PdfSamples.HugeObjectNumber() },
    };

    public static TheoryData<string, byte[]> Bombs => new()
    {
        { "a gibibyte of commands", PdfSamples.CommandBomb() },
        { "10^12 forms", PdfSamples.NestedForms() },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    [Trait("Feature", "F59")]
    public async Task Text_is_read(string sample, byte[] pdf, string text)
    {
        var content = await _reader.ReadAsync(pdf, TextOnly, Outcome.Caller, Token);

        Assert.True(text == content.Text, $"{sample}: {content.Text}");
        Assert.Empty(content.Pages);
        Assert.False(content.IsTruncated);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_file_that_cannot_be_read_is_refused(string sample, byte[] pdf) =>
        await AssertRefusedAsync(MediaException.Unreadable, _reader.ReadAsync(pdf, Usual, Outcome.Caller, Token), sample);

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task A_file_that_exceeds_its_time_or_memory_is_refused(string sample, byte[] pdf)
    {
        Assert.True(pdf.Length < 20_000, $"{sample}: {pdf.Length} bytes");
        await AssertRefusedAsync(MediaException.TooComplex, _hasty.ReadAsync(pdf, Usual, Outcome.Caller, Token), sample);
    }

    [Fact]
    public async Task An_object_stream_that_grows_to_a_gibibyte_ends_in_a_refusal()
    {
        var failure = await Assert.ThrowsAsync<MediaException>(() => _hasty.ReadAsync(PdfSamples.ObjectStreamBomb(), Usual, Outcome.Caller, Token));

        Assert.Contains(failure.Code, new[] { MediaException.TooComplex, MediaException.Unreadable });
    }

    [Fact]
    public async Task A_bomb_after_a_good_page_costs_only_its_own_page()
    {
        var content = await _hasty.ReadAsync(PdfSamples.NestedForms(scanned: 1), Usual, Outcome.Caller, Token);

        Assert.Single(content.Pages);
        Assert.True(content.IsTruncated);
    }

    [Fact]
    public async Task A_page_of_a_hundred_million_characters_does_not_take_the_first_page_away()
    {
        var content = await _hasty.ReadAsync(PdfSamples.TextBomb(), Usual, Outcome.Caller, Token);

        Assert.True(content.Text.Contains(PdfSamples.Sentence, StringComparison.Ordinal) || content.Pages.Count > 0);
        Assert.True(content.IsTruncated);
        Assert.EndsWith("; reading was stopped at a limit of time or memory", content.Summary, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F59")]
    public async Task A_scanned_page_becomes_a_picture()
    {
        var content = await _reader.ReadAsync(PdfSamples.Scanned(), Usual, Outcome.Caller, Token);

        Assert.Equal("", content.Text);
        Assert.Equal((1109, 1568), SizeOf(Assert.Single(content.Pages)));
        Assert.False(content.IsTruncated);
    }

    [Fact]
    [Trait("Feature", "F59")]
    public async Task Too_little_text_comes_with_pictures()
    {
        var content = await _reader.ReadAsync(PdfSamples.Text(), Usual, Outcome.Caller, Token);

        Assert.Equal(PdfSamples.Sentence, content.Text);
        Assert.Single(content.Pages);
        Assert.False(content.IsTruncated);
    }

    [Theory]
    [InlineData(36, 0)]
    [InlineData(37, 1)]
    public async Task White_space_is_no_text(int minTextChars, int pictures)
    {
        var content = await _reader.ReadAsync(PdfSamples.Text(), Usual with { MinTextChars = minTextChars }, Outcome.Caller, Token);

        Assert.Equal(pictures, content.Pages.Count);
    }

    [Theory]
    [InlineData(3, 3, false)]
    [InlineData(4, 4, false)]
    [InlineData(5, 4, true)]
    [InlineData(500, 4, true)]
    [Trait("Feature", "F63")]
    public async Task Pages_above_the_limit_are_left_out_and_missed(int pages, int pictures, bool isTruncated)
    {
        var content = await _reader.ReadAsync(PdfSamples.Scanned(10, 10, pages), Usual, Outcome.Caller, Token);

        Assert.Equal(pictures, content.Pages.Count);
        Assert.Equal(isTruncated, content.IsTruncated);
    }

    [Fact]
    public async Task Text_of_all_pages_is_read_whatever_the_limit_of_pictures()
    {
        var content = await _reader.ReadAsync(PdfSamples.Pages(500), Usual, Outcome.Caller, Token);

        Assert.EndsWith("Page 499\n\nPage 500", content.Text, StringComparison.Ordinal);
        Assert.Empty(content.Pages);
        Assert.False(content.IsTruncated);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(43)]
    [InlineData(44)]
    [Trait("Feature", "F63")]
    public async Task Text_above_the_limit_is_cut(int maxChars)
    {
        var content = await _reader.ReadAsync(PdfSamples.Text(), Usual with { MaxChars = maxChars, MinTextChars = 0 }, Outcome.Caller, Token);

        Assert.Equal(PdfSamples.Sentence[..maxChars], content.Text);
        Assert.Equal(maxChars < PdfSamples.Sentence.Length, content.IsTruncated);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task No_character_is_cut_in_two(int maxChars)
    {
        var content = await _reader.ReadAsync(PdfSamples.WithSurrogates(), TextOnly with { MaxChars = maxChars }, Outcome.Caller, Token);

        Assert.Equal("😀😀😀"[..(maxChars & ~1)], content.Text);
        Assert.True(content.IsTruncated);
    }

    [Fact]
    public async Task A_text_much_longer_than_the_limit_is_not_read_to_its_end()
    {
        var content = await _reader.ReadAsync(PdfSamples.Pages(500), TextOnly with { MaxChars = 13 }, Outcome.Caller, Token);

        Assert.Equal("Page 1\n\nPage ", content.Text);
        Assert.True(content.IsTruncated);
    }

    [Fact]
    public async Task Control_characters_do_not_come_through()
    {
        var content = await _reader.ReadAsync(PdfSamples.WithToUnicode("a\0b\fc\u001bd\u0085e\rf\ud800g\ufffe"), TextOnly, Outcome.Caller, Token);

        Assert.DoesNotContain(content.Text, c => char.IsControl(c) && c is not '\n' and not '\t');
        Assert.DoesNotContain(content.Text, char.IsSurrogate);
        Assert.Equal("abcdefg", string.Concat(content.Text.Where(char.IsAsciiLetter)));
    }

    [Theory]
    [InlineData("0 0 14400000 14400000", 4_000_000, 1568, 1568)]
    [InlineData("0 0 14400000 14400000", 1_000_000, 1000, 1000)]
    [InlineData("0 0 14400000 1", 4_000_000, 1568, 1)]
    [InlineData("0 0 1 14400000", 4_000_000, 1, 1568)]
    [InlineData("0 0 2 2", 4_000_000, 1568, 1568)]
    [InlineData("0 0 300 100", 10_000, 100, 34)]
    [InlineData("-500 -500 500 0", 4_000_000, 1568, 784)]
    [InlineData("0 0 595 842", 1, 1, 1)]
    [Trait("Feature", "F63")]
    public async Task A_picture_keeps_its_limits_whatever_the_size_of_the_page(string box, int maxPixels, int width, int height)
    {
        var content = await _reader.ReadAsync(PdfSamples.EmptyPage(box), Usual with { MaxPixels = maxPixels }, Outcome.Caller, Token);

        Assert.Equal((width, height), SizeOf(Assert.Single(content.Pages)));
    }

    [Theory]
    [InlineData("/CropBox [0 0 100 50]", 1568, 784)]
    [InlineData("/CropBox [0 0 100 50] /Rotate 90", 784, 1568)]
    [InlineData("/CropBox [-9000000 -9000000 9000000 9000000]", 1568, 1568)]
    [InlineData("/UserUnit 1000000", 1568, 1568)]
    public async Task A_picture_shows_what_a_reader_would(string entries, int width, int height)
    {
        var content = await _reader.ReadAsync(PdfSamples.EmptyPage("0 0 500 500", entries), Usual, Outcome.Caller, Token);

        Assert.Equal((width, height), SizeOf(Assert.Single(content.Pages)));
    }

    [Fact]
    public async Task An_image_of_400_million_pixels_is_a_picture_or_too_complex()
    {
        var pdf = PdfSamples.HugeImage();
        Assert.True(pdf.Length < 20_000, $"{pdf.Length} bytes");

        var failure = await Record.ExceptionAsync(async () => SizeOf(Assert.Single((await _reader.ReadAsync(pdf, Usual, Outcome.Caller, Token)).Pages)));

        Assert.True(failure is null or MediaException { Code: MediaException.TooComplex }, $"{failure}");
    }

    [Fact]
    public async Task Nothing_a_file_asks_for_is_done()
    {
        var secret = Path.GetTempFileName();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        try
        {
            await File.WriteAllTextAsync(secret, "BT /F1 12 Tf 50 700 Td (the secret) Tj ET", Token);
            var url = new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/");

            var content = await _reader.ReadAsync(PdfSamples.WithActions(secret, url), Usual, Outcome.Caller, Token);

            Assert.Equal(PdfSamples.Sentence, content.Text);
            Assert.Equal(2, content.Pages.Count);
            Assert.False(server.Pending());
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public async Task A_password_is_named_as_a_reason()
    {
        var failure = await Assert.ThrowsAsync<MediaException>(() => _reader.ReadAsync(PdfSamples.Encrypted("secret"), Usual, Outcome.Caller, Token));
        Assert.Contains("password", failure.Message, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(string code, Task<PdfContent> reading, string sample)
    {
        var failure = await Record.ExceptionAsync(() => reading.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.True(failure is MediaException media && media.Code == code, $"{sample}: {failure}");
    }

    /// <summary>From the frame header of a JPEG.</summary>
    private static (int Width, int Height) SizeOf(ReadOnlySpan<byte> jpeg)
    {
        for (var at = 2; ; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]))
        {
            if (jpeg[at + 1] is 0xC0 or 0xC1 or 0xC2)
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 5)..]));
            }
        }
    }
}
