using System.Text.Json.Serialization;
using OpenClaw.Tools.BuiltIn.Files;

namespace OpenClaw.Tools.BuiltIn;

/// <summary>What tools answer as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ListedFiles))]
[JsonSerializable(typeof(WrittenFile))]
[JsonSerializable(typeof(DeletedFile))]
internal sealed partial class ToolsJson : JsonSerializerContext;
