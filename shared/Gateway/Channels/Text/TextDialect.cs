namespace OpenClaw.Gateway.Channels.Text;

/// <summary>The markup of one platform: how runs of text are written in it.</summary>
internal abstract class TextDialect
{
    /// <summary>What <c>channels.&lt;id&gt;.textChunkLimit</c> overrides.</summary>
    public abstract TextLimits DefaultLimits { get; }

    /// <summary>What stands before an item of a list without numbers.</summary>
    public virtual string Bullet => "•";

    /// <summary>Whether a text can be a link. Otherwise the address is written behind the text.</summary>
    public virtual bool HasLinks => true;

    /// <summary>The markup of the runs, complete in itself: whatever is opened is closed.</summary>
    public abstract string Render(IReadOnlyList<TextRun> runs);

    /// <summary>The length of a part as the platform counts it, in UTF-16 code units.</summary>
    public virtual int Length(TextPart part) => part.Text.Length;
}
