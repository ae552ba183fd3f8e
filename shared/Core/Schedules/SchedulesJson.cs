using System.Text.Json.Serialization;
using OpenClaw.Security;

namespace OpenClaw.Schedules;

/// <summary>How jobs are stored, and what their waiting runs remember.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(QueuedJob))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(Caller))]
internal sealed partial class SchedulesJson : JsonSerializerContext;
