using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Realtime.Methods.Devices;

/// <summary>JSON of the device methods: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DevicePairListParams))]
[JsonSerializable(typeof(DevicePairList))]
[JsonSerializable(typeof(PairingRequestParams))]
[JsonSerializable(typeof(DeviceIdParams))]
[JsonSerializable(typeof(DeviceRenameParams))]
[JsonSerializable(typeof(DeviceTokenParams))]
[JsonSerializable(typeof(DeviceApproved))]
[JsonSerializable(typeof(DeviceDecided))]
[JsonSerializable(typeof(DeviceRemoved))]
[JsonSerializable(typeof(DeviceRenamed))]
[JsonSerializable(typeof(DeviceTokenRotated))]
[JsonSerializable(typeof(DeviceTokenRevoked))]
internal sealed partial class DeviceMethodsJson : JsonSerializerContext;
