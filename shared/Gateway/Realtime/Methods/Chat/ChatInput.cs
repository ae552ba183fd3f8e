using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary>A message for an agent.</summary>
/// <param name="Session">The name of the session; null is the agent's main session.</param>
/// <param name="Key">The caller's key for the message, and the name of the run that answers it.</param>
internal sealed record ChatInput(string? Session, string? AgentId, string Message, string Key)
{
    public IReadOnlyList<ChatAttachment> Attachments { get; init; } = [];

    /// <summary>The reasoning effort of this run; null leaves it to the session.</summary>
    public string? Thinking { get; init; }

    /// <summary>Extra system prompt of this run; never stored.</summary>
    public string? Instructions { get; init; }

    /// <summary>How long the run may take; null is the configured limit.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Whether the run that holds the session is cancelled first.</summary>
    public bool Interrupts { get; init; }
}

/// <summary>A file that comes with a message.</summary>
/// <param name="Url">A <c>data:</c> URL, or the id of a file of the media store with its prefix.</param>
internal sealed record ChatAttachment(string Url, string? MediaType, string? Name)
{
    private const int Most = 16;

    public bool IsImage => (MediaType ?? "").StartsWith("image/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the attachments of a request: objects with <c>mimeType</c>, <c>fileName</c> and <c>content</c> in base64.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    public static List<ChatAttachment> Read(JsonElement given)
    {
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return [];
        }

        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() > Most)
        {
            throw new GatewayException(GatewayError.InvalidValue("attachments", $"a list of at most {Most} attachments."));
        }

        return [.. given.EnumerateArray().Select((item, index) => Read(item, $"attachments[{index}]"))];
    }

    public ConversationPart ToPart(int index) => IsImage
        ? new ImagePart(Url) { Param = $"attachments[{index}]" }
        : new FilePart(Name, MediaType) { Source = Url, Param = $"attachments[{index}]" };

    private static ChatAttachment Read(JsonElement item, string param)
    {
        if (Text(item, "content") is not { Length: > 0 } content)
        {
            throw new GatewayException(GatewayError.InvalidValue(param, "it needs 'content': base64, or a data: URL."));
        }

        var type = Text(item, "mimeType") ?? "application/octet-stream";
        var isUrl = content.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
        return new ChatAttachment(isUrl ? content : $"data:{type};base64,{content}", type, Text(item, "fileName"));
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
