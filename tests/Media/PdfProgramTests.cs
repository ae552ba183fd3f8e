using System.Text;
using OpenClaw.Media;
using Xunit;

namespace OpenClaw.Tests.Media;

/// <summary>What the reader makes of programs that are missing, hang or fail.</summary>
public sealed class PdfProgramTests
{
    private static readonly PdfLimits Usual = new(MaxPages: 4, MaxPixels: 4_000_000, MinTextChars: 200, MaxChars: 200_000);
    private static readonly PdfTimes Brief = new(5, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(500));

    /// <summary>Reads all and says nothing, as pdftotext does for two pages without text.</summary>
    private static readonly NativeProgram NoText = Script("cat >/dev/null; printf '\\f\\f'");
    private static readonly NativeProgram Hanging = Script("exec sleep 600");
    private static readonly NativeProgram Failing = Script("exit 1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_tools_are_named_with_what_to_install()
    {
        var failure = await Assert.ThrowsAsync<MediaException>(() => ReadAsync(null));

        Assert.Equal(MediaException.ToolsMissing, failure.Code);
        Assert.Contains("poppler-utils", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_pdf_starts_no_program()
    {
        using var reader = new PdfReader(() => throw new InvalidOperationException(), PdfTimes.Default);

        var failure = await Assert.ThrowsAsync<MediaException>(() => reader.ReadAsync(Encoding.ASCII.GetBytes("%PDF 1.7"), Usual, Token));

        Assert.Equal(MediaException.Unreadable, failure.Code);
    }

    [Fact]
    public async Task Programs_that_hang_end_in_too_complex()
    {
        var failure = await Assert.ThrowsAsync<MediaException>(() => ReadAsync(new PdfTools(Hanging, Hanging), Brief));

        Assert.Equal(MediaException.TooComplex, failure.Code);
    }

    [Fact]
    public async Task The_text_is_given_when_no_page_can_be_rendered()
    {
        var content = await ReadAsync(new PdfTools(Script("cat >/dev/null; printf 'Hello\\f'"), Failing));

        Assert.Equal("Hello", content.Text);
        Assert.Empty(content.Pages);
        Assert.True(content.IsTruncated);
    }

    [Fact]
    public async Task No_text_and_no_page_is_unreadable()
    {
        var failure = await Assert.ThrowsAsync<MediaException>(() => ReadAsync(new PdfTools(NoText, Failing)));

        Assert.Equal(MediaException.Unreadable, failure.Code);
    }

    [Fact]
    public async Task A_page_that_fails_is_missed_among_the_others()
    {
        var content = await ReadAsync(new PdfTools(NoText, Script("""[ "$2" = 1 ] && exit 1; printf '\377\330 \377\331'""")));

        Assert.Single(content.Pages);
        Assert.True(content.IsTruncated);
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("printf '\\377\\330 cut off'")]
    [InlineData("printf 'P6 1 1 255 123'")]
    public async Task What_is_no_whole_jpeg_is_no_page(string raster)
    {
        var failure = await Assert.ThrowsAsync<MediaException>(() => ReadAsync(new PdfTools(NoText, Script(raster))));

        Assert.Equal(MediaException.Unreadable, failure.Code);
    }

    [Fact]
    public async Task Text_that_was_written_before_the_time_ran_out_is_given()
    {
        var longText = new string('x', 500);

        var content = await ReadAsync(new PdfTools(Script($"echo {longText}; printf '\\303'; exec sleep 600"), Failing), Brief with { Program = TimeSpan.FromSeconds(2) });

        Assert.Equal(longText, content.Text.TrimEnd());
        Assert.True(content.IsTruncated);
    }

    [Fact]
    public async Task Two_programs_run_at_a_time_and_waiting_does_not_count()
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-pdf-");
        try
        {
            // Each leaves a mark while it runs and says how many there are.
            var text = Script($"cd '{folder.FullName}'; mkdir $$; sleep 0.2; ls | wc -l; rmdir $$");
            using var reader = new PdfReader(() => new PdfTools(text, Failing), new PdfTimes(5, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));

            var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => reader.ReadAsync(PdfSamples.Text(), Usual with { MinTextChars = 1 }, Token)));

            Assert.All(seen, content => Assert.InRange(int.Parse(content.Text, System.Globalization.CultureInfo.InvariantCulture), 1, 2));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task One_who_leaves_gives_the_place_back()
    {
        using var reader = new PdfReader(() => new PdfTools(Hanging, Hanging), new PdfTimes(5, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)));
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var waiting = Enumerable.Range(0, 5).Select(_ => reader.ReadAsync(PdfSamples.Text(), Usual, leave.Token)).ToList();

        await leave.CancelAsync();

        Assert.All(await Task.WhenAll(waiting.Select(w => Record.ExceptionAsync(() => w).AsTask())), e => Assert.IsAssignableFrom<OperationCanceledException>(e));
    }

    private static async Task<PdfContent> ReadAsync(PdfTools? tools, PdfTimes? times = null)
    {
        using var reader = new PdfReader(() => tools, times ?? PdfTimes.Default);
        return await reader.ReadAsync(PdfSamples.Text(), Usual, Token);
    }

    private static NativeProgram Script(string script) => new("/bin/sh")
    {
        FirstArguments = ["-c", script],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
    };
}
