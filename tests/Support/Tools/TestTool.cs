using System.Text.Json;
using OpenClaw.Tools;

namespace OpenClaw.Tests.Support.Tools;

/// <summary>A tool that a test wrote; without <paramref name="run"/> it answers "done".</summary>
internal sealed class TestTool(string name, Func<ToolCall, CancellationToken, Task<ToolResult>>? run = null) : ITool
{
    public string Name => name;

    public string Description => $"The test's tool {name}.";

    public JsonElement Schema { get; } = JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer"}}}""");

    public IReadOnlyList<string> Groups { get; init; } = [];

    public bool IsRepeatable { get; init; }

    public Task<ToolResult> RunAsync(ToolCall toolCall, CancellationToken cancellationToken) =>
        run?.Invoke(toolCall, cancellationToken) ?? Task.FromResult(ToolResult.Of("done"));
}
