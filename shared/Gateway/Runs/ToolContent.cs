using OpenClaw.Media;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Runs;

/// <summary>A text, or an image as base64. The field names are those of the original, and of MCP.</summary>
/// <param name="Type"><c>text</c> or <c>image</c>.</param>
public sealed record ToolContent(string Type)
{
    public string? Text { get; init; }

    public string? Data { get; init; }

    public string? MimeType { get; init; }

    public static ToolContent? Of(ConversationPart part) => part switch
    {
        TextPart text => new("text") { Text = text.Text },
        ImagePart image when DataUrl.Parse(image.Url) is { } data && data.TryDecode() is { } bytes =>
            new("image") { Data = Convert.ToBase64String(bytes), MimeType = data.MediaType },
        _ => null,
    };
}
