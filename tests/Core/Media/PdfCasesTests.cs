using OpenClaw.Media;
using OpenClaw.Media.Documents;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Real files on which readers fail, and what the model learns of how a file was read.</summary>
public sealed class PdfCasesTests
{
    private static readonly PdfLimits Usual = new(MaxPages: 4, MaxPixels: 4_000_000, MinTextChars: 200, MaxChars: 200_000);

    private readonly PdfReader _reader = new(Outcome.Workers);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("issue3521.pdf", "我们都是黑体字", "1 page; text of all read; shown as images: 1; look blank: 1")]
    [InlineData("vertical.pdf", "日本語", "3 pages; text of all read; shown as images: 1, 2, 3")]
    [InlineData("info_dictionary.pdf", "Hello World!", "1 page; text of all read; shown as images: 1")]
    [InlineData("bitmap-symbol-context-reuse.pdf", "", "1 page; text of all read; shown as images: 1")]
    [InlineData("poppler-91414-0-53.pdf", "foobar", "1 page; text of all read; shown as images: 1")]
    [InlineData("bug1606566.pdf", "1606566", "1 page; text of all read; the file is damaged, parts may be missing")]
    [Trait("Feature", "F59")]
    public async Task Text_that_viewers_show_is_read(string file, string text, string summary)
    {
        var content = await _reader.ReadAsync(Samples.Read(file), Usual, Outcome.Caller, Token);

        Assert.Contains(text, content.Text, StringComparison.Ordinal);
        Assert.Equal(summary, content.Summary);
    }

    [Theory]
    [InlineData("REDHAT-1531897-0.pdf")]
    [InlineData("GHOSTSCRIPT-691770-0.pdf")]
    [InlineData("issue19800.pdf")]
    public async Task A_small_file_that_costs_much_elsewhere_leaves_the_reader_usable(string file)
    {
        Assert.Contains(
            await Outcome.OfAsync(_reader.ReadAsync(Samples.Read(file), Usual, Outcome.Caller, Token)),
            new[] { null, MediaException.TooComplex, MediaException.Unreadable });
        Assert.Equal(PdfSamples.Sentence, (await _reader.ReadAsync(PdfSamples.Text(), Usual, Outcome.Caller, Token)).Text);
    }

    [Fact]
    [Trait("Feature", "F59")]
    public async Task Text_beside_the_visible_part_of_a_page_is_not_given()
    {
        Assert.Equal("visible", (await _reader.ReadAsync(PdfCases.Cropped(), Usual, Outcome.Caller, Token)).Text);
    }

    [Fact]
    [Trait("Feature", "F59")]
    public async Task The_values_of_a_form_are_given_with_their_names_except_passwords()
    {
        var content = await _reader.ReadAsync(PdfCases.Form(), Usual, Outcome.Caller, Token);

        Assert.Contains("Given name: Ann", content.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", content.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F59")]
    public async Task A_page_whose_text_is_lost_is_shown_although_there_is_text_enough()
    {
        var content = await _reader.ReadAsync(PdfCases.WithLostPage(), Usual with { MinTextChars = 10 }, Outcome.Caller, Token);

        Assert.Single(content.Pages);
        Assert.Equal("2 pages; text of all read; shown as images: 2", content.Summary);
    }

    [Fact]
    [Trait("Feature", "F59")]
    public async Task Characters_without_Unicode_are_counted_and_shown()
    {
        var content = await _reader.ReadAsync(
            PdfSamples.WithToUnicode(new string('\uE000', 20)), Usual with { MinTextChars = 10 }, Outcome.Caller, Token);

        Assert.Single(content.Pages);
        Assert.Contains("20 characters without Unicode", content.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_a_header_is_no_pdf_but_is_tried() =>
        Assert.Equal(MediaException.Unreadable, await Outcome.OfAsync(
            _reader.ReadAsync("Hello"u8.ToArray(), Usual, Outcome.Caller, Token)));
}
