using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Realtime.Protocol;

/// <summary>JSON of the control plane's frames: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RpcError))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
