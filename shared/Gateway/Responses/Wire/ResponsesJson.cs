using System.Text.Json.Serialization;
using OpenClaw.Gateway.Media;

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
[JsonSerializable(typeof(FileObject))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(DeletedFile))]
public sealed partial class ResponsesJson : JsonSerializerContext;
