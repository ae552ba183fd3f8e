using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Runs;

/// <summary>JSON of this room under <c>/api</c>: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(RunEventList))]
[JsonSerializable(typeof(NumberedRunEvent))]
public sealed partial class RunsJson : JsonSerializerContext;
