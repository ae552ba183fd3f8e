using OpenClaw.Sessions;

namespace OpenClaw.Tools;

/// <summary>What a tool gives back: texts and images. Text from outside the gateway is marked as untrusted by the tool.</summary>
public sealed record ToolResult(IReadOnlyList<ConversationPart> Parts)
{
    /// <summary>Whether the call failed. The text then says why, for the model.</summary>
    public bool IsError { get; init; }

    public static ToolResult Of(string text) => new([new TextPart(text)]);

    public static ToolResult Failed(string reason) => new([new TextPart(reason)]) { IsError = true };
}
