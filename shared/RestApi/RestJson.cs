using System.Text.Json.Serialization;

namespace OpenClaw.RestApi;

/// <summary>JSON of the <c>/api</c> surface: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceStatus))]
public sealed partial class RestJson : JsonSerializerContext;
