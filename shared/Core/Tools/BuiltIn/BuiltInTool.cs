using System.Text.Json;

namespace OpenClaw.Tools.BuiltIn;

/// <summary>The base of the gateway's own tools.</summary>
/// <param name="group">Such as <c>group:fs</c>; every tool here is in <see cref="All"/> too.</param>
/// <param name="schema">JSON Schema of the arguments as text: an object.</param>
public abstract class BuiltInTool(string name, string group, bool isRepeatable, string description, string schema) : ITool
{
    /// <summary>The group of all tools that are built in.</summary>
    public const string All = "group:openclaw";

    public string Name => name;

    public string Description => description;

    public JsonElement Schema { get; } = JsonElement.Parse(schema);

    public IReadOnlyList<string> Groups { get; } = [group, All];

    public bool IsRepeatable => isRepeatable;

    public Task<ToolResult> RunAsync(ToolCall toolCall, CancellationToken cancellationToken) =>
        RunAsync(toolCall, new ToolInput(toolCall.Arguments), cancellationToken);

    /// <exception cref="ToolException">The call is not possible.</exception>
    protected abstract Task<ToolResult> RunAsync(ToolCall toolCall, ToolInput input, CancellationToken cancellationToken);
}
