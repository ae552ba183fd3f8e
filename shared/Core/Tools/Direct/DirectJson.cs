using System.Text.Json.Serialization;
using OpenClaw.Sessions;

namespace OpenClaw.Tools.Direct;

/// <summary>A result as it is kept for repeated calls.</summary>
internal sealed record KeptResult(IReadOnlyList<ConversationPart> Parts, bool IsError);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptResult))]
internal sealed partial class DirectJson : JsonSerializerContext;
