using System.Text;
using System.Text.Json;
using OpenClaw.Security;
using OpenClaw.Tools.BuiltIn.Memory;
using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Files;

/// <summary><c>fs_write</c>: a text file, new or in place of another.</summary>
internal sealed class FsWrite(WorkspaceStore workspace, MemoryVectors vectors) : BuiltInTool(
    "fs_write", "group:fs", isRepeatable: true,
    "Writes a text file of the workspace: creates it, or replaces all of it. With etag only if the file is still that version; "
        + "with etag 'none' only if there is no such file.",
    """
    {"type":"object","properties":{
      "path":{"type":"string","description":"Relative path, such as notes/today.md; folders need not exist"},
      "content":{"type":"string","description":"The whole text"},
      "etag":{"type":"string","description":"The version to replace, as fs_read names it, or none"}},
     "required":["path","content"],"additionalProperties":false}
    """)
{
    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var path = WorkspacePath.OfFile(input.Text("path"));
        var text = input.Text("content");
        var content = Encoding.UTF8.GetBytes(text);
        var etag = FileVersion.Read(input.OptionalText("etag"));
        var context = call.Context;
        var stamp = Secret.HashName(context.Session?.Partition ?? "", context.RunId ?? "", call.Id, path.Value);
        var entry = await workspace.WriteAsync(context.Agent.Id, path, content, etag, stamp, cancellationToken);
        await vectors.NoteAsync(context, entry, text, cancellationToken);
        return ToolResult.Of(JsonSerializer.Serialize(new WrittenFile(entry.Path, entry.Bytes, entry.ETag), ToolsJson.Default.WrittenFile));
    }
}
