using System.Text;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary><c>parse_mode: HTML</c> of the Telegram Bot API. Its limit of 4096 counts what is left when the markup was read.</summary>
internal sealed class TelegramHtml : TextDialect
{
    public static readonly TelegramHtml Instance = new();

    private static readonly (TextFormat Format, string Tag)[] Tags =
        [(TextFormat.Bold, "b"), (TextFormat.Italic, "i"), (TextFormat.Strike, "s"), (TextFormat.Code, "code")];

    public override TextLimits DefaultLimits => new(4000);

    public override int Length(TextPart part) => part.Plain.Length;

    public override string Render(IReadOnlyList<TextRun> runs)
    {
        var html = new StringBuilder();
        var open = default(TextStyle);
        foreach (var (text, style) in runs)
        {
            if (style.Has(TextFormat.Quote) != open.Has(TextFormat.Quote))
            {
                CloseSpans(html, open);
                html.Append(style.Has(TextFormat.Quote) ? "<blockquote>" : "</blockquote>");
                OpenSpans(html, style);
            }
            else if (style != open)
            {
                CloseSpans(html, open);
                OpenSpans(html, style);
            }

            Escape(html, text);
            open = style;
        }

        CloseSpans(html, open);
        return html.Append(open.Has(TextFormat.Quote) ? "</blockquote>" : "").ToString();
    }

    private static void OpenSpans(StringBuilder html, TextStyle style)
    {
        if (style.Has(TextFormat.Pre))
        {
            html.Append(style.Language is { } language ? $"<pre><code class=\"language-{language}\">" : "<pre>");
        }

        foreach (var (_, tag) in Tags.Where(t => style.Has(t.Format)))
        {
            html.Append('<').Append(tag).Append('>');
        }

        if (style.Link is { } link)
        {
            html.Append("<a href=\"");
            Escape(html, link);
            html.Append("\">");
        }
    }

    private static void CloseSpans(StringBuilder html, TextStyle style)
    {
        html.Append(style.Link is null ? "" : "</a>");
        foreach (var (_, tag) in Tags.Reverse().Where(t => style.Has(t.Format)))
        {
            html.Append("</").Append(tag).Append('>');
        }

        html.Append(!style.Has(TextFormat.Pre) ? "" : style.Language is null ? "</pre>" : "</code></pre>");
    }

    private static void Escape(StringBuilder html, string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '"' => html.Append("&quot;"),
                _ => html.Append(c),
            };
        }
    }
}
