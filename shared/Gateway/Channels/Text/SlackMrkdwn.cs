namespace OpenClaw.Gateway.Channels.Text;

/// <summary>Slack's mrkdwn. Only <c>&amp; &lt; &gt;</c> have an escape, which also makes <c>&lt;!channel&gt;</c> and
/// <c>&lt;@U…&gt;</c> dead text; a fence takes no language.</summary>
internal sealed class SlackMrkdwn : DelimitedDialect
{
    public static readonly SlackMrkdwn Instance = new();

    public override TextLimits DefaultLimits => new(8000);

    protected override string? Delimiter(TextFormat format) => format switch
    {
        TextFormat.Bold => "*",
        TextFormat.Italic => "_",
        TextFormat.Strike => "~",
        _ => "`",
    };

    protected override string Escape(string text, bool atLineStart) => EscapeCode(WithoutFences(text));

    protected override string EscapeCode(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(
            ">", "&gt;", StringComparison.Ordinal);

    protected override string Link(string label, string url) =>
        label == url ? $"<{EscapeCode(url)}>" : $"<{EscapeCode(url)}|{Escape(label, atLineStart: false)}>";
}
