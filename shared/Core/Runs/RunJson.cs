using System.Text.Json.Serialization;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Runs;

/// <summary>JSON of run events in journals and run rows. Additions are compatible; renames are not.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(IReadOnlyList<RunEvent>), TypeInfoPropertyName = "Events")]
[JsonSerializable(typeof(WakeUp))]
public sealed partial class RunJson : JsonSerializerContext;
