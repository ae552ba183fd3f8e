using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Realtime.Methods.Config;

/// <summary>JSON of the configuration methods: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EmptyParams))]
[JsonSerializable(typeof(ConfigSetParams))]
[JsonSerializable(typeof(ConfigApplyParams))]
[JsonSerializable(typeof(ConfigPatchParams))]
[JsonSerializable(typeof(ConfigGetResult))]
[JsonSerializable(typeof(ConfigWritten))]
[JsonSerializable(typeof(ConfigSchemaResult))]
internal sealed partial class ConfigMethodsJson : JsonSerializerContext;
