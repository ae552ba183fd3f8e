namespace OpenClaw.Gateway.Channels.Text;

/// <summary>How a piece of a message looks, whatever the platform calls it.</summary>
[Flags]
internal enum TextFormat
{
    None = 0,
    Bold = 1,
    Italic = 2,
    Strike = 4,

    /// <summary>Code within a line; excludes the three above.</summary>
    Code = 8,

    /// <summary>A line, or lines, of a code block; excludes every other format.</summary>
    Pre = 16,

    Quote = 32,

    /// <summary>The bullet or the number of a list item.</summary>
    Marker = 64,
}

/// <param name="Link">An absolute address, safe within the markup of every dialect.</param>
/// <param name="Language">Of a code block: letters, digits, <c>+ # . _ -</c>; null when none was named.</param>
internal readonly record struct TextStyle(TextFormat Format, string? Link = null, string? Language = null)
{
    public bool Has(TextFormat format) => (Format & format) != 0;
}

/// <summary>A piece of text with one style. The texts of all runs, joined, are what a reader of the message sees.</summary>
internal readonly record struct TextRun(string Text, TextStyle Style);

/// <summary>How long one message may be.</summary>
/// <param name="MaxLength">In UTF-16 code units, counted as <see cref="TextDialect.Length"/> does; at least
/// <see cref="LeastLength"/>.</param>
/// <param name="MaxLines">Lines of the finished message; at least <see cref="LeastLines"/>, because a code block with one line takes
/// three.</param>
internal readonly record struct TextLimits(int MaxLength, int MaxLines = int.MaxValue)
{
    public const int LeastLength = 16;

    public const int LeastLines = 4;
}

/// <summary>One message.</summary>
/// <param name="Text">In the markup of the platform.</param>
/// <param name="Plain">The same without markup, for a platform that refused the markup.</param>
internal sealed record TextPart(string Text, string Plain);
