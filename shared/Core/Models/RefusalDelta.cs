using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>A piece of the model's refusal.</summary>
internal sealed class RefusalDelta(string text) : AIContent
{
    public string Text { get; } = text;
}
