using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Messages;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(MessageEvent))]
[JsonSerializable(typeof(MessageTokenCount))]
internal sealed partial class MessagesJson : JsonSerializerContext;
