using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Devices;

/// <summary>JSON of this room under <c>/api</c>: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(DeviceInfo))]
[JsonSerializable(typeof(DeviceOutcome))]
internal sealed partial class DevicesJson : JsonSerializerContext;
