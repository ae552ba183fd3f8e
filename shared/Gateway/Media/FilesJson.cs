using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Media;

/// <summary>JSON of the files under <c>/v1</c>: snake case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, MaxDepth = 64)]
[JsonSerializable(typeof(FileObject))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(DeletedFile))]
internal sealed partial class FilesJson : JsonSerializerContext;
