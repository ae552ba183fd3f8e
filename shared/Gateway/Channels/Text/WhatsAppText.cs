namespace OpenClaw.Gateway.Channels.Text;

/// <summary>WhatsApp's marks: <c>*bold*</c>, <c>_italic_</c>, <c>~strike~</c>, code and quotes. No links, no escape.</summary>
internal sealed class WhatsAppText : DelimitedDialect
{
    public static readonly WhatsAppText Instance = new();

    public override TextLimits DefaultLimits => new(4096);

    public override bool HasLinks => false;

    protected override string? Delimiter(TextFormat format) => format switch
    {
        TextFormat.Bold => "*",
        TextFormat.Italic => "_",
        TextFormat.Strike => "~",
        _ => "`",
    };

    protected override string Escape(string text, bool atLineStart) => WithoutFences(text);

    protected override string EscapeCode(string text) => text;
}
