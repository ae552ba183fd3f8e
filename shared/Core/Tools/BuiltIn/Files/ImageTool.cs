using OpenClaw.Media;
using OpenClaw.Media.Files;
using OpenClaw.Media.Images;
using OpenClaw.Sessions;
using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Files;

/// <summary><c>image</c>: shows the model an image of the media store that the caller may read, or one of the workspace.</summary>
internal sealed class ImageTool(MediaStore media, WorkspaceStore workspace, ImageReader images) : BuiltInTool(
    "image", "group:media", isRepeatable: true,
    "Shows an image, so that you see it: a stored file by its id, or a file of the workspace by its path.",
    """
    {"type":"object","properties":{
      "id":{"type":"string","description":"Id of a stored file"},
      "path":{"type":"string","description":"Relative path of a file of the workspace, in place of id"}},
     "additionalProperties":false}
    """)
{
    private const int MaxBytes = 20 * 1024 * 1024;

    private static readonly ImageLimits Limits = new(
        ["image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif"], MaxBytes);

    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        try
        {
            var content = (input.OptionalText("id", 200), input.OptionalText("path")) switch
            {
                ({ } id, null) => (await media.ReadAsync(id, caller, MaxBytes, cancellationToken))?.Content,
                (null, { } path) =>
                    (await workspace.ReadAsync(call.Context.Agent.Id, WorkspacePath.OfFile(path), cancellationToken))?.Content,
                _ => throw new ToolException("Give either 'id' or 'path'."),
            };
            var image = await images.PrepareAsync(
                content ?? throw new ToolException("There is no such image."), Limits, caller.Subject, cancellationToken);
            return new ToolResult([new ImagePart(DataUrl.Create(image.MediaType, image.Bytes.Span))]);
        }
        catch (MediaException refused)
        {
            throw new ToolException($"The image cannot be shown: {refused.Message}");
        }
    }
}
