using System.Text.Json.Serialization;
using OpenClaw.Media;
using OpenClaw.Sessions;
using OpenClaw.Tools;

namespace OpenClaw.Gateway.Tools;

/// <summary>Answer of a call that was made: <c>{"ok":true,"result":{"content":[…]}}</c>.</summary>
public sealed record ToolInvokeAnswer(bool Ok, ToolInvokeResult Result);

public sealed record ToolInvokeResult
{
    /// <summary>What the tool gave back; null after a dry run.</summary>
    public IReadOnlyList<ToolContent>? Content { get; init; }

    /// <summary>After a dry run the tool that could have been called.</summary>
    public string? Tool { get; init; }

    public bool? DryRun { get; init; }

    public static ToolInvokeResult Of(ToolResult result) => new() { Content = [.. result.Parts.Select(ToolContent.Of).OfType<ToolContent>()] };
}

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

/// <summary>JSON of the calls of tools: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false, MaxDepth = 64)]
[JsonSerializable(typeof(ToolInvokeRequest))]
[JsonSerializable(typeof(ToolInvokeAnswer))]
internal sealed partial class ToolsFrontJson : JsonSerializerContext;
