using OpenClaw.Media.Documents;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<p>One</p><p>Two</p>", "One\nTwo")]
    [InlineData("<h1>Title</h1>text<br>more", "Title\ntext\nmore")]
    [InlineData("<ul><li>a<li>b</ul>", "- a\n- b")]
    [InlineData("<table><tr><th>x<th>y<tr><td>1</td><td>2</td></tr></table>", "x | y\n1 | 2")]
    [InlineData("a <b>bold</b>\n   <i>word</i>", "a bold word")]
    [InlineData("x &amp; y &lt;z&gt; &eacute; &#8364; &#x1F600;", "x & y <z> é € 😀")]
    [InlineData("<script>if (a < b) alert('</p>')</script>seen", "seen")]
    [InlineData("<style>p > a { }</style><noscript>no</noscript>seen<template><p>no</p></template>", "seen")]
    [InlineData("<svg><text>no</text><svg></svg>no</svg>seen", "seen")]
    [InlineData("<img src=x alt='a cat'> sits", "[a cat] sits")]
    [InlineData("<title>T</title><textarea><b>raw</b></textarea>", "T\n<b>raw</b>")]
    [InlineData("<!-- <p>no</p> -->seen<![CDATA[x]]>", "seen")]
    [InlineData("no markup at all", "no markup at all")]
    [InlineData("", "")]
    [InlineData("<p", "")]
    [InlineData("<script>never closed <p>lost", "")]
    public void A_page_is_read_as_its_words(string html, string text) => Assert.Equal(text, HtmlText.Read(html, 10_000));

    [Theory]
    [InlineData("<div>", 200_000)]
    [InlineData("<b><i>", 100_000)]
    [InlineData("<a href=x><table>", 60_000)]
    [InlineData("&", 500_000)]
    [InlineData("<!", 200_000)]
    [InlineData("<svg>", 100_000)]
    public async Task Nesting_costs_no_more_than_length(string piece, int times) =>
        await Task.Run(() => HtmlText.Read(string.Concat(Enumerable.Repeat(piece, times)) + "end", 2_000_000)).WaitAsync(
            TimeSpan.FromSeconds(60));

    [Fact]
    public void Reading_stops_at_the_limit() =>
        Assert.InRange(HtmlText.Read(string.Concat(Enumerable.Repeat("<p>0123456789</p>", 10_000)), 1_000).Length, 1_000, 1_100);
}
