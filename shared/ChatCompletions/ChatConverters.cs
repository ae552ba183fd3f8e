using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.ChatCompletions;

/// <summary>Message content: null, a string (one text part) or an array of parts.</summary>
public sealed class ChatContentConverter : JsonConverter<IReadOnlyList<ChatContentPart>?>
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

/// <summary>An image: a URL string or an object with <c>url</c>.</summary>
public sealed class ChatImageConverter : JsonConverter<ChatImage?>
{
    public override ChatImage? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => new ChatImage { Url = reader.GetString() },
            JsonTokenType.StartObject => JsonSerializer.Deserialize(ref reader, ChatJson.Default.ChatImage),
            _ => throw new WireException("a URL or an object with 'url'"),
        };

    public override void Write(Utf8JsonWriter writer, ChatImage? value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
