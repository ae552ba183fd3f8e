using System.Text;

namespace OpenClaw.Gateway.Channels.Text;

/// <summary>Discord's Markdown. Each mark of it has an escape; the limit of lines is ours, for readers on small screens.</summary>
internal sealed class DiscordMarkdown : DelimitedDialect
{
    public static readonly DiscordMarkdown Instance = new();

    public override TextLimits DefaultLimits => new(2000, 17);

    public override string Bullet => "-";

    protected override string? Delimiter(TextFormat format) => format switch
    {
        TextFormat.Bold => "**",
        TextFormat.Italic => "_",
        TextFormat.Strike => "~~",
        _ => "`",
    };

    protected override bool NeedsWordBoundary(TextFormat format) => format == TextFormat.Italic;

    protected override bool CanHold(string delimiter, string text) => true;

    protected override string LanguageOf(TextStyle style) => style.Language ?? "";

    protected override string Escape(string text, bool atLineStart)
    {
        var escaped = new StringBuilder(text.Length + 8);
        var isNumber = atLineStart;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            isNumber = isNumber && (char.IsAsciiDigit(c) || (c == '.' && i > 0));
            if (c is '\\' or '*' or '_' or '~' or '`' or '|' or '<' or '[' or ']'
                || (atLineStart && i == 0 && c is '>' or '#' or '-' or '+')
                || (isNumber && c == '.'))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }

    protected override string EscapeCode(string text) => text;

    protected override string InlineCode(string text)
    {
        if (!text.Contains('`', StringComparison.Ordinal))
        {
            return $"`{text}`";
        }

        var code = WithoutFences(text);
        return $"``{(code[0] == '`' ? " " : "")}{code}{(code[^1] == '`' ? " " : "")}``";
    }

    protected override string Link(string label, string url) => label == url ? url
        : $"[{Escape(label, atLineStart: false)}]({WithoutParentheses(url)})";

    private static string WithoutParentheses(string url) =>
        url.Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);
}
