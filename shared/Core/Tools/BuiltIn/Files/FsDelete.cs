using System.Text.Json;
using OpenClaw.Tools.BuiltIn.Memory;
using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Files;

/// <summary><c>fs_delete</c>: takes one file away.</summary>
internal sealed class FsDelete(WorkspaceStore workspace, MemoryVectors vectors) : BuiltInTool(
    "fs_delete", "group:fs", isRepeatable: true,
    "Deletes a file of the workspace, for good. With etag only if the file is still that version.",
    """
    {"type":"object","properties":{
      "path":{"type":"string","description":"Relative path of a file"},
      "etag":{"type":"string","description":"The version to delete, as fs_read names it"}},
     "required":["path"],"additionalProperties":false}
    """)
{
    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var path = WorkspacePath.OfFile(input.Text("path"));
        var etag = FileVersion.Read(input.OptionalText("etag"));
        var deleted = await workspace.DeleteAsync(call.Context.Agent.Id, path, etag, cancellationToken);
        await vectors.ForgetAsync(call.Context.Agent.Id, path.Value, cancellationToken);
        return ToolResult.Of(JsonSerializer.Serialize(new DeletedFile(path.Value, deleted), ToolsJson.Default.DeletedFile));
    }
}
