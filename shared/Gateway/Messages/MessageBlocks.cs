using System.Text;
using OpenClaw.Gateway.Wire;
using OpenClaw.Media;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Messages;

/// <summary>The blocks that users and tools may send, as parts of a message.</summary>
internal static class MessageBlocks
{
    /// <exception cref="Errors.GatewayException"><c>400</c> naming the block and field.</exception>
    public static IEnumerable<ConversationPart> ToParts(InputBlock block) => block.Type switch
    {
        "text" => [new TextPart(block.Text)],
        "image" => [ReadImage(block)],
        "document" => ReadDocument(block),
        "search_result" => [ReadSearchResult(block)],
        "tool_reference" => [new TextPart($"[tool: {block.RequiredText("tool_name")}]")],
        var type => throw block.Invalid(
            "type", $"'{type}' is not accepted here; send text, image, document, search_result or tool_result."),
    };

    private static ImagePart ReadImage(InputBlock block)
    {
        var source = SourceOf(block);
        return source.Type == "file"
            ? new ImagePart(ImagePart.StoredMedia + source.RequiredId("file_id")) { Param = $"{source.Param}.file_id" }
            : MediaParts.ReadImage(name => name == "source" ? source.Json : null, block.Param);
    }

    /// <summary>The document, after the <c>context</c> that the caller gives for it.</summary>
    private static List<ConversationPart> ReadDocument(InputBlock block)
    {
        var parts = new List<ConversationPart>();
        if (block.OptionalText("context") is { Length: > 0 } context)
        {
            parts.Add(new TextPart(context));
        }

        var (source, title) = (SourceOf(block), block.OptionalText("title"));
        switch (source.Type)
        {
            case "file":
                var stored = ImagePart.StoredMedia + source.RequiredId("file_id");
                parts.Add(new FilePart(title) { Source = stored, Param = $"{source.Param}.file_id" });
                break;
            case "text":
                var text = DataUrl.Create("text/plain;charset=utf-8", Encoding.UTF8.GetBytes(source.RequiredText("data")));
                parts.Add(new FilePart(title) { Source = text, Param = $"{source.Param}.data" });
                break;
            case "content":
                parts.AddRange(InputBlock.ReadAll(source.RequiredField("content"), $"{source.Param}.content").SelectMany(ToParts));
                break;
            default:
                var filename = block.Field("title");
                parts.Add(MediaParts.ReadFile(
                    name => name switch { "source" => source.Json, "filename" => filename, _ => null }, block.Param));
                break;
        }

        return parts;
    }

    private static TextPart ReadSearchResult(InputBlock block)
    {
        var content = InputBlock.ReadAll(block.RequiredField("content"), $"{block.Param}.content").Select(b => b.Text);
        return new TextPart(string.Join('\n', content.Prepend(block.RequiredText("source")).Prepend(block.RequiredText("title"))));
    }

    private static InputBlock SourceOf(InputBlock block) =>
        new(block.RequiredField("source").AsObject($"{block.Param}.source"), $"{block.Param}.source");
}
