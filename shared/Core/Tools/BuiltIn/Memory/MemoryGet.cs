using OpenClaw.Tools.BuiltIn.Files;
using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Memory;

/// <summary><c>memory_get</c>: lines of a Markdown file that <c>memory_search</c> named.</summary>
internal sealed class MemoryGet(WorkspaceStore workspace) : BuiltInTool(
    "memory_get", "group:memory", isRepeatable: true,
    "Reads lines of a Markdown file of the workspace, as memory_search names it.",
    """
    {"type":"object","properties":{
      "path":{"type":"string","description":"Relative path of a Markdown file"},
      "from":{"type":"integer","minimum":1,"description":"First line, 1 by default"},
      "lines":{"type":"integer","minimum":1,"maximum":2000,"description":"Number of lines, 200 by default"}},
     "required":["path"],"additionalProperties":false}
    """)
{
    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var path = WorkspacePath.OfFile(input.Text("path"));
        if (!MemoryVectors.IsMemory(path.Value))
        {
            throw new ToolException("The path must name a Markdown file; use fs_read for others.");
        }

        var (from, lines) = (input.Whole("from", 1, 1, int.MaxValue), input.Whole("lines", 200, 1, 2_000));
        var file = await workspace.ReadAsync(call.Context.Agent.Id, path, cancellationToken)
            ?? throw new ToolException($"There is no file '{path}'.");
        return FsRead.ReadText(file, from, lines);
    }
}
