using System.Text.Json;

namespace OpenClaw.Tools;

/// <summary>A tool that the gateway itself runs for a model or for a caller of <c>/tools/invoke</c>.</summary>
public interface ITool
{
    /// <summary>1 to 64 of letters, digits, <c>_</c>, <c>-</c>. A tool of an MCP server carries the server's name in front.</summary>
    string Name { get; }

    /// <summary>What it does and when to use it, for the model.</summary>
    string Description { get; }

    /// <summary>JSON Schema of the arguments: an object.</summary>
    JsonElement Schema { get; }

    /// <summary>The groups it belongs to, such as <c>group:fs</c>, by which a policy may name it.</summary>
    IReadOnlyList<string> Groups { get; }

    /// <summary>Whether a call that may or may not have happened can be made again without harm, as when it only reads.</summary>
    bool IsRepeatable { get; }

    /// <summary>Makes the call.</summary>
    /// <exception cref="ToolException">The call is not possible; its message is for the model.</exception>
    Task<ToolResult> RunAsync(ToolCall toolCall, CancellationToken cancellationToken);
}
