using OpenClaw.Configuration;

namespace OpenClaw.Agents;

/// <summary>One agent: a name, a system prompt and the models it uses.</summary>
/// <param name="Models">Model references in the order they are tried; empty leaves it to the catalogue's default.</param>
public sealed record Agent(string Id, string? Name, string? SystemPrompt, IReadOnlyList<string> Models)
{
    /// <summary>Its own rules about tools, beside those of all agents.</summary>
    public ToolScopeSection Tools { get; init; } = new();
}
