using System.Text.Json;
using OpenClaw.Sessions;

namespace OpenClaw.Tools.Direct;

/// <summary>A call that a client makes, not a model.</summary>
/// <param name="Arguments">An object.</param>
public sealed record DirectCall(ToolContext Context, string Tool, JsonElement Arguments)
{
    /// <summary>Becomes the argument <c>action</c> of a tool that has one and was given none.</summary>
    public string? Action { get; init; }

    /// <summary>Whether the call is checked only, and not made.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The same key gives the same answer; null where the client sent none.</summary>
    public IdempotencyKey? Key { get; init; }
}

/// <param name="Result">Null after a dry run.</param>
public sealed record DirectAnswer(string Tool, ToolResult? Result);
