using System.Text.Json;
using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Files;

/// <summary><c>fs_list</c>: what is in a folder.</summary>
internal sealed class FsList(WorkspaceStore workspace) : BuiltInTool(
    "fs_list", "group:fs", isRepeatable: true,
    "Lists the files and folders of the workspace, or of a folder in it.",
    """
    {"type":"object","properties":{
      "path":{"type":"string","description":"Relative path of a folder; the whole workspace by default"},
      "recursive":{"type":"boolean","description":"Also what is in the folders, false by default"},
      "limit":{"type":"integer","minimum":1,"maximum":1000,"description":"Most entries, 200 by default"}},
     "additionalProperties":false}
    """)
{
    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var folder = WorkspacePath.OfFolder(input.OptionalText("path"));
        var isRecursive = input.Flag("recursive", false);
        var limit = input.Whole("limit", 200, 1, 1_000);
        var start = folder.IsRoot ? 0 : folder.Value.Length + 1;
        var entries = new List<ListedFile>();
        await foreach (var entry in workspace.ListAsync(call.Context.Agent.Id, folder, cancellationToken))
        {
            var slash = isRecursive ? -1 : entry.Path.IndexOf('/', start);
            var listed = slash < 0 ? ListedFile.Of(entry) : new ListedFile(entry.Path[..slash], "folder");
            if (listed == entries.LastOrDefault())
            {
                continue; // another file of the same folder
            }

            if (entries.Count == limit)
            {
                return Answer(new ListedFiles(folder.Value, entries, true));
            }

            entries.Add(listed);
        }

        return Answer(new ListedFiles(folder.Value, entries, false));
    }

    private static ToolResult Answer(ListedFiles files) => ToolResult.Of(JsonSerializer.Serialize(files, ToolsJson.Default.ListedFiles));
}
