using System.Text.Json.Serialization;

namespace OpenClaw.RestApi;

/// <summary>JSON of the <c>/api</c> surface: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(ApiKeyFields))]
[JsonSerializable(typeof(RotateApiKeyRequest))]
[JsonSerializable(typeof(ApiKeyInfo))]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(UsageAnswer))]
public sealed partial class RestJson : JsonSerializerContext;
