using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Gateway.Channels.Text;

namespace OpenClaw.Tests.Gateway.Channels.Text;

/// <param name="Markdown">Paragraphs, code, lists, quotes and tables, with the characters that some platform takes for markup.</param>
public sealed record MarkdownCase(string Markdown, int MaxLength, int MaxLines)
{
    private static readonly string[] Words =
    [
        "word", "longer-word", "Straße", "naïve", "e\u0301te\u0301", "👍", "👨‍👩‍👧‍👦", "🇳🇴", "日本語のテキスト", "한국어", "a<b", "&amp;", "&", "<!channel>",
        "<@U1>", "@everyone",
        "<b>", "</i>", "snake_case_word", "2*3*4", "**bold words**", "*italic words*", "~~struck out~~", "***both at once***", "in**wor**d",
        "`code`", "``a`b``", "`<x>`", "[label text](https://example.com/a_(b)?c=d&e)", "[**bold** label](https://example.com)",
        "https://example.com/path_with_marks", "me@example.com", "![picture](https://example.com/p.png)", "[x](y)", "\\*", "\\`", "\\_x\\_",
        "|", "~", "*", "_", "1.", "#", "-", ">", "\"quoted\"", "x\u200by",
        "supercalifragilisticexpialidociousandsoonandsoforthandon",
    ];

    private static readonly string[] CodeWords =
        ["if", "(a < b)", "{", "}", "    x = 1;", "&&", "\"s\"", "# comment", "* star", "_u_", "日本", "😀"];

    public static Arbitrary<MarkdownCase> Any { get; } = Arb.From(
        from blocks in Gen.ListOf(Block())
        from length in Gen.Choose(16, 600)
        from lines in Gen.Choose(4, 40)
        select new MarkdownCase(string.Join("\n\n", blocks), length, lines));

    internal TextLimits Limits => new(MaxLength, MaxLines);

    private static Gen<string> Line() =>
        from words in Gen.ListOf(Gen.Elements(Words))
        select words.Count == 0 ? "one" : string.Join(' ', words.Take(12));

    private static Gen<string> Lines(string prefix) =>
        from lines in Gen.ListOf(Line())
        select prefix + string.Join("\n" + prefix, lines.Take(8));

    private static Gen<string> Code() =>
        from lines in Gen.ListOf(Gen.ListOf(Gen.Elements(CodeWords)))
        from language in Gen.Elements("", "python", "c++", "x y")
        select $"```{language}\n{string.Join('\n', lines.Select(l => string.Join(' ', l)))}\n```";

    private static Gen<string> Block() => Gen.OneOf(
        Lines(""),
        Lines("- "),
        Lines("  - "),
        Lines("> "),
        Lines("> > "),
        Lines("1. "),
        Line().Select(l => "## " + l),
        Code(),
        from a in Line()
        from b in Line()
        select $"|A|B|\n|-|-|\n|{a.Replace("|", "", StringComparison.Ordinal)}|{b.Replace("|", "", StringComparison.Ordinal)}|");
}
