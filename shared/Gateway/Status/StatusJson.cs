using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Status;

/// <summary>JSON of this room under <c>/api</c>: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(HealthDetails))]
[JsonSerializable(typeof(ModelInfoList))]
[JsonSerializable(typeof(ChannelInfoList))]
[JsonSerializable(typeof(McpServerList))]
[JsonSerializable(typeof(UsageAnswer))]
internal sealed partial class StatusJson : JsonSerializerContext;
