using System.Text.Json.Serialization;
using OpenClaw.Tools.BuiltIn.Files;
using OpenClaw.Tools.BuiltIn.Memory;

namespace OpenClaw.Tools.BuiltIn;

/// <summary>What tools answer as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ListedFiles))]
[JsonSerializable(typeof(WrittenFile))]
[JsonSerializable(typeof(DeletedFile))]
[JsonSerializable(typeof(MemoryHits))]
[JsonSerializable(typeof(StoredVectors))]
internal sealed partial class ToolsJson : JsonSerializerContext;
