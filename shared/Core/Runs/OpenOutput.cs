using System.Text.Json;
using OpenClaw.Sessions;

namespace OpenClaw.Runs;

/// <summary>The output item that a model is writing.</summary>
internal sealed record OpenOutput(OutputKind Kind, string Id)
{
    public int CallIndex { get; init; }

    public string? CallId { get; init; }

    public string? Name { get; init; }

    public string? Encrypted { get; set; }

    public JsonElement? Extra { get; set; }

    public OutputLogprobs Logprobs { get; } = new();

    /// <summary>The item as it ends.</summary>
    /// <param name="text">Text, reasoning or arguments.</param>
    /// <param name="interrupted">Whether it was cut off.</param>
    public ConversationItem Build(string text, string refusal, bool interrupted)
    {
        switch (Kind)
        {
            case OutputKind.Reasoning:
                return new ReasoningItem(
                    text.Length > 0 ? [text] : [])
                { Id = Id, EncryptedContent = Encrypted, Interrupted = interrupted };
            case OutputKind.Call:
                return new FunctionCallItem(CallId!, Name!, text) { Id = Id, Interrupted = interrupted, Extra = Extra };
            default:
                var parts = new List<ConversationPart>(2);
                if (text.Length > 0 || refusal.Length == 0)
                {
                    parts.Add(new TextPart(text) { Logprobs = Logprobs.TakeText() });
                }

                if (refusal.Length > 0)
                {
                    parts.Add(new RefusalPart(refusal) { Logprobs = Logprobs.TakeRefusal() });
                }

                return new MessageItem("assistant", parts) { Id = Id, Interrupted = interrupted };
        }
    }
}
