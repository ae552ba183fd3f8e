namespace OpenClaw.Gateway.Channels.Text;

/// <summary>Text without markup, for platforms that have none.</summary>
internal sealed class PlainText : TextDialect
{
    public static readonly PlainText Instance = new();

    public override TextLimits DefaultLimits => new(4000);

    public override string Bullet => "-";

    public override bool HasLinks => false;

    public override string Render(IReadOnlyList<TextRun> runs) => string.Concat(runs.Select(r => r.Text));
}
