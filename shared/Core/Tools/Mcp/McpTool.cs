using System.Text.Json;
using OpenClaw.Tools.Policy;

namespace OpenClaw.Tools.Mcp;

/// <summary>A tool of a server, as agents have it.</summary>
internal sealed class McpTool(string name, McpToolInfo info, McpServer server) : ITool
{
    public string Name => name;

    public string Description => info.Description;

    public JsonElement Schema => info.Schema;

    public IReadOnlyList<string> Groups { get; } =
        ["group:mcp", $"group:mcp:{server.Name}", "group:plugins", ToolNamePattern.AllMcp];

    public bool IsRepeatable => info.IsRepeatable;

    public Task<ToolResult> RunAsync(ToolCall call, CancellationToken cancellationToken) =>
        server.CallAsync(info.Name, call.Arguments, cancellationToken);
}
