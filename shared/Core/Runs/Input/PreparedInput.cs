using OpenClaw.Errors;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Input;

/// <summary>Input whose files and images have been read.</summary>
/// <param name="Stored">What the conversation keeps: images as data URLs, files by name.</param>
/// <param name="Shown">What the model sees in this turn, with the pages of files.</param>
/// <param name="Attachments">The text of files, wrapped as untrusted, for the system prompt of this turn; never stored.</param>
public sealed record PreparedInput(
    IReadOnlyList<ConversationItem> Stored, IReadOnlyList<ConversationItem> Shown, IReadOnlyList<string> Attachments)
{
    /// <summary>Why a part could not be read; null when all were.</summary>
    public GatewayError? Failure { get; init; }
}
