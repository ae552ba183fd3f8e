using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Tools.Mcp;

/// <summary>Turns the result of a server's tool into parts for the model: its texts in one wrapping, images as they are, of all else a
/// line that says what was left out.</summary>
internal static class McpResult
{
    private const int MostTextCharacters = 1_000_000;
    private const int MostImageCharacters = 7_000_000;
    private const int MostImages = 8;
    private const int MostItems = 1_000;

    public static ToolResult Read(JsonElement result, string server, string tool)
    {
        var (text, images) = (new StringBuilder(), new List<ConversationPart>());
        if (result.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in content.EnumerateArray().Take(MostItems).Where(item => item.ValueKind == JsonValueKind.Object))
            {
                Add(item, text, images);
            }
        }

        if (text.Length == 0 && images.Count == 0 && result.TryGetProperty("structuredContent", out var structured))
        {
            text.Append(structured.GetRawText());
        }

        if (text.Length > MostTextCharacters)
        {
            text.Length = MostTextCharacters;
            text.Append("\n[the rest was left out]");
        }

        var isError = result.TryGetProperty("isError", out var error) && error.ValueKind == JsonValueKind.True;
        if (text.Length == 0 && images.Count == 0)
        {
            text.Append(isError ? "The tool failed and does not say why." : "The tool has done its work and gave nothing back.");
        }

        IEnumerable<ConversationPart> words = text.Length == 0 ? []
            : [new TextPart(UntrustedText.Wrap(text.ToString(), ("MCP server", server), ("Tool", tool)))];
        return new ToolResult([.. words, .. images]) { IsError = isError };
    }

    private static void Add(JsonElement item, StringBuilder text, List<ConversationPart> images)
    {
        var type = McpListing.TextOf(item, "type");
        if (type == "text" && McpListing.TextOf(item, "text") is { } words)
        {
            Line(text, words);
        }
        else if (type == "image" && images.Count < MostImages && ImageOf(item) is { } image)
        {
            images.Add(image);
        }
        else if (type == "resource" && item.TryGetProperty("resource", out var resource) && resource.ValueKind == JsonValueKind.Object)
        {
            Line(text, McpListing.TextOf(resource, "text") ?? $"[the content of {McpListing.TextOf(resource, "uri")} was left out]");
        }
        else if (type == "resource_link")
        {
            Line(text, $"{McpListing.TextOf(item, "name")}: {McpListing.TextOf(item, "uri")}");
        }
        else
        {
            Line(text, $"[content of the type {type} was left out]");
        }
    }

    private static void Line(StringBuilder text, string words)
    {
        if (text.Length <= MostTextCharacters)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(words);
        }
    }

    private static ImagePart? ImageOf(JsonElement item) =>
        McpListing.TextOf(item, "mimeType") is "image/png" or "image/jpeg" or "image/gif" or "image/webp"
        && McpListing.TextOf(item, "data") is { Length: > 0 and <= MostImageCharacters } data && Base64.IsValid(data)
            ? new ImagePart($"data:{McpListing.TextOf(item, "mimeType")};base64,{data}")
            : null;
}
