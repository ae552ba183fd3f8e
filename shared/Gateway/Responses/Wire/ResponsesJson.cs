using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Responses.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, MaxDepth = 64)]
[JsonSerializable(typeof(CreateResponseRequest))]
[JsonSerializable(typeof(Response))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(ResponseItemList))]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(CompactRequest))]
[JsonSerializable(typeof(CompactedConversation))]
[JsonSerializable(typeof(InputTokenCount))]
[JsonSerializable(typeof(ResponsePlan))]
[JsonSerializable(typeof(SocketMessage))]
[JsonSerializable(typeof(SocketError))]
internal sealed partial class ResponsesJson : JsonSerializerContext;
