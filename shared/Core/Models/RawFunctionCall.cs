using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>A call in history, with the arguments exactly as the model wrote them.</summary>
internal sealed class RawFunctionCall(string callId, string name, string argumentsText) : FunctionCallContent(callId, name)
{
    /// <summary>JSON text; may be malformed.</summary>
    public string ArgumentsText { get; } = argumentsText;

    /// <summary>Fields of the call, beside its own, that the provider gave and needs back; an object.</summary>
    public JsonElement? Extra { get; init; }
}
