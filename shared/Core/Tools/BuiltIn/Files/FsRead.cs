using System.Globalization;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Images;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;
using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Files;

/// <summary><c>fs_read</c>: a text file by lines, or an image. What could pass for a boundary marker or a token of a chat template is
/// taken out, since a file may hold what strangers wrote.</summary>
internal sealed class FsRead(WorkspaceStore workspace, ImageReader images) : BuiltInTool(
    "fs_read", "group:fs", isRepeatable: true,
    "Reads a file of the workspace. A text is given by lines, with a note that says which lines and the file's etag; "
        + "an image is shown.",
    """
    {"type":"object","properties":{
      "path":{"type":"string","description":"Relative path, such as notes/today.md"},
      "offset":{"type":"integer","minimum":1,"description":"First line, 1 by default"},
      "limit":{"type":"integer","minimum":1,"maximum":2000,"description":"Number of lines, 2000 by default"}},
     "required":["path"],"additionalProperties":false}
    """)
{
    private const int MaxLines = 2_000;

    private const int MaxChars = 100_000;

    private static readonly string[] ImageTypes =
        ["image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif"];

    protected override async Task<ToolResult> RunAsync(ToolCall call, ToolInput input, CancellationToken cancellationToken)
    {
        var path = WorkspacePath.OfFile(input.Text("path"));
        var offset = input.Whole("offset", 1, 1, int.MaxValue);
        var limit = input.Whole("limit", MaxLines, 1, MaxLines);
        var file = await workspace.ReadAsync(call.Context.Agent.Id, path, cancellationToken)
            ?? throw new ToolException($"There is no file '{path}'.");
        try
        {
            return file.Content is not null && MediaTypes.Sniff(file.Content) is { } type && FileTypes.IsImage(type)
                ? await ShowAsync(file.Content, call.Context.Caller.Subject, cancellationToken)
                : ReadText(file, offset, limit);
        }
        catch (MediaException refused)
        {
            throw new ToolException($"The file '{path}' cannot be read: {refused.Message}");
        }
    }

    /// <summary>Lines of a text file, with a note about them.</summary>
    /// <exception cref="ToolException">The file is too large, or is not text, or has no such line.</exception>
    internal static ToolResult ReadText(WorkspaceFile file, int offset, int limit)
    {
        if (file.Content is null)
        {
            throw new ToolException($"The file '{file.Entry.Path}' has {file.Entry.Bytes} bytes, which is too much to read.");
        }

        try
        {
            return Read(file, TextDecoder.Decode(file.Content, charset: null, isHtml: false), offset, limit);
        }
        catch (MediaException refused)
        {
            throw new ToolException($"The file '{file.Entry.Path}' cannot be read: {refused.Message}");
        }
    }

    private async Task<ToolResult> ShowAsync(byte[] content, string caller, CancellationToken cancellationToken)
    {
        var image = await images.PrepareAsync(content, new ImageLimits(ImageTypes, content.Length), caller, cancellationToken);
        return new ToolResult([new ImagePart(DataUrl.Create(image.MediaType, image.Bytes.Span))]);
    }

    private static ToolResult Read(WorkspaceFile file, string text, int offset, int limit)
    {
        var lines = text.Length == 0 ? [] : text.Split('\n');
        var count = lines is [.., ""] ? lines.Length - 1 : lines.Length; // a last line break ends a line
        if (offset > Math.Max(count, 1))
        {
            throw new ToolException(string.Create(
                CultureInfo.InvariantCulture, $"The file '{file.Entry.Path}' has {count} lines; there is no line {offset}."));
        }

        var (taken, chars) = (0, 0);
        while (taken < limit && offset - 1 + taken < count && (taken == 0 || chars + lines[offset - 1 + taken].Length <= MaxChars))
        {
            chars += lines[offset - 1 + taken++].Length + 1;
        }

        var end = offset - 1 + taken;
        var shown = string.Join('\n', lines[(offset - 1)..end]) + (end < lines.Length && taken > 0 ? "\n" : "");
        var isCut = shown.Length > MaxChars + 1;
        shown = UntrustedText.Clean(isCut ? Utf16.Head(shown, MaxChars) : shown);
        var note = string.Create(CultureInfo.InvariantCulture,
            $"[{(taken == 0 ? "the file is empty" : $"lines {offset} to {end} of {count}")}{(isCut ? ", cut" : "")}; etag {file.Entry.ETag}"
            + $"{(end < count ? $"; go on with offset {end + 1}" : "")}]");
        return new ToolResult(shown.Length == 0 ? [new TextPart(note)] : [new TextPart(shown), new TextPart("\n" + note)]);
    }
}
