using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>Message content: null, a string (one text part) or an array of parts.</summary>
internal sealed class ChatContentConverter : JsonConverter<IReadOnlyList<ChatContentPart>?>
{
    public override IReadOnlyList<ChatContentPart>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => [new ChatContentPart { Type = "text", Text = reader.GetString() }],
            JsonTokenType.StartArray => JsonSerializer.Deserialize(ref reader, ChatJson.Default.ListChatContentPart),
            _ => throw new WireException("a string or an array of content parts"),
        };

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ChatContentPart>? value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
