using Microsoft.Extensions.AI;

namespace OpenClaw.Runs;

/// <summary>Whether and what the model must call.</summary>
/// <param name="Mode">None, auto or required.</param>
/// <param name="Allowed">The only tools that may be called; null means all. One name with <c>required</c> is a pinned tool.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, IReadOnlyList<string>? Allowed = null)
{
    public static ToolChoice Auto { get; } = new(ToolChoiceMode.Auto);

    /// <summary>The choice as chat clients take it.</summary>
    public ChatToolMode ToToolMode() => Mode switch
    {
        ToolChoiceMode.None => ChatToolMode.None,
        ToolChoiceMode.Required when Allowed is [var only] => ChatToolMode.RequireSpecific(only),
        ToolChoiceMode.Required => ChatToolMode.RequireAny,
        _ => ChatToolMode.Auto,
    };

    public bool Allows(string tool) => Mode != ToolChoiceMode.None && (Allowed is null || Allowed.Contains(tool, StringComparer.Ordinal));
}
