using OpenClaw.Media.Documents;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

public sealed class HtmlMarkdownTests
{
    private static readonly Uri Source = new("https://example.com/docs/page.html");

    [Theory]
    [InlineData("<h1>Title</h1><p>One</p><p>Two <b>bold</b></p>", "# Title\n\nOne\n\nTwo bold")]
    [InlineData("<h2>A</h2>text<br>more", "## A\n\ntext\nmore")]
    [InlineData("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c")]
    [InlineData("<ol><li>a</li><li>b</li></ol>after", "1. a\n2. b\n\nafter")]
    [InlineData("see <a href='other.html'>the <i>page</i></a>.", "see [the page](https://example.com/docs/other.html).")]
    [InlineData("<a href='javascript:alert(1)'>x</a> <a href='#top'>up</a>", "x up")]
    [InlineData("<table><tr><th>x<th>y<tr><td>1</td><td>2|3</td></tr></table>", "| x | y |\n| --- | --- |\n| 1 | 2\\|3 |")]
    [InlineData("<p>run <code>ls -l</code></p><pre><code>a\n  b</code></pre>", "run `ls -l`\n\n```\na\n  b\n```")]
    [InlineData("<blockquote><p>said</p></blockquote>", "> said")]
    [InlineData("<img src=x alt='a cat'> sits", "[a cat] sits")]
    [InlineData("<nav><a href=/>Home</a></nav><p>text</p><footer>legal</footer>", "text")]
    [InlineData("<script>if (a < b) x('</p>')</script><style>p{}</style>seen", "seen")]
    [InlineData("<p hidden>no</p><p aria-hidden=true>no</p><p style='display : none'>no</p><p>yes</p>", "yes")]
    [InlineData("x &amp; y &lt;z&gt; &#x1F600;", "x & y <z> 😀")]
    [InlineData("", "")]
    [InlineData("<p", "")]
    public void A_page_is_read_as_Markdown(string html, string markdown) =>
        Assert.Equal(markdown, HtmlMarkdown.Read(html, Source).Markdown);

    [Fact]
    public void The_main_part_is_taken_where_there_is_one()
    {
        var text = string.Concat(Enumerable.Repeat("word ", 60)).Trim();

        var page = HtmlMarkdown.Read(
            $"<title>The\n title</title><div>menu</div><main><article><p>{text}</p></article></main><div>ads</div>", Source);

        Assert.Equal(("The title", text), (page.Title, page.Markdown));
    }

    [Fact]
    public void A_main_part_that_says_little_is_not_the_main_part() =>
        Assert.Equal("before\n\nx\n\nafter", HtmlMarkdown.Read("<p>before</p><main>x</main><p>after</p>", Source).Markdown);

    [Theory]
    [InlineData("<div>", 200_000)]
    [InlineData("<ul><li>", 100_000)]
    [InlineData("<blockquote>", 100_000)]
    [InlineData("<table><tr><td>", 60_000)]
    [InlineData("<a href=x>", 100_000)]
    [InlineData("<pre>", 100_000)]
    [InlineData("<main>", 100_000)]
    public async Task Nesting_costs_no_more_than_length(string piece, int times) =>
        await Task.Run(() => HtmlMarkdown.Read(string.Concat(Enumerable.Repeat(piece, times)) + "end", null)).WaitAsync(
            TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
}
