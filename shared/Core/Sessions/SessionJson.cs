using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Sessions;

/// <summary>JSON of stored transcripts. Additions are compatible; renames are not.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConversationItem))]
[JsonSerializable(typeof(IReadOnlyList<ConversationItem>), TypeInfoPropertyName = "Items")]
public sealed partial class SessionJson : JsonSerializerContext
{
    /// <summary>Text as it is: escaping every letter beyond ASCII would take up to six times the space.</summary>
    public static SessionJson Compact { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
