using System.Text.Json;

namespace OpenClaw.Tools;

/// <summary>One call of a tool.</summary>
/// <param name="Id">Unique in its session; the same again when the call is repeated after a crash.</param>
/// <param name="Arguments">An object. It need not agree with the schema.</param>
public sealed record ToolCall(string Id, JsonElement Arguments, ToolContext Context);
