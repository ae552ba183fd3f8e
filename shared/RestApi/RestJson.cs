using System.Text.Json.Serialization;

namespace OpenClaw.RestApi;

/// <summary>JSON of the <c>/api</c> surface: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(HealthDetails))]
[JsonSerializable(typeof(ModelInfoList))]
[JsonSerializable(typeof(ChannelInfoList))]
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(SentMessage))]
[JsonSerializable(typeof(MessageEvent))]
[JsonSerializable(typeof(ApiKeyFields))]
[JsonSerializable(typeof(RotateApiKeyRequest))]
[JsonSerializable(typeof(ApiKeyInfo))]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(RunEventList))]
[JsonSerializable(typeof(NumberedRunEvent))]
[JsonSerializable(typeof(UsageAnswer))]
public sealed partial class RestJson : JsonSerializerContext;
