using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Media;

/// <summary>JSON of this room under <c>/api</c>: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(MediaInfo))]
[JsonSerializable(typeof(MediaList))]
internal sealed partial class MediaJson : JsonSerializerContext;
