using System.Text;

namespace OpenClaw.Models.Anthropic;

/// <summary>A <c>thinking</c> block while it is written, or a <c>redacted_thinking</c> one.</summary>
internal sealed class ThinkingBlock(string? text = null, string? signature = null)
{
    public StringBuilder Text { get; } = new(text);

    public StringBuilder Signature { get; } = new(signature);

    /// <summary>Null for thinking that can be read.</summary>
    public string? RedactedData { get; init; }
}
