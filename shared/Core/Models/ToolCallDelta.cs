using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>A piece of a call while the model writes it. The first piece of an index carries id and name.</summary>
/// <param name="index">The number of the call in this answer, from 0.</param>
internal sealed class ToolCallDelta(int index, string? callId, string? name, string arguments) : AIContent
{
    public int Index { get; } = index;

    public string? CallId { get; } = callId;

    public string? Name { get; } = name;

    /// <summary>The text to append to the arguments; may be empty.</summary>
    public string Arguments { get; } = arguments;

    /// <summary>Fields that the provider attached to the call and needs back; an object.</summary>
    public JsonElement? Extra { get; init; }
}
