using System.Text.Json.Serialization;
using OpenClaw.Gateway.Realtime.Connections;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary>JSON of the methods about the gateway itself: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProbeParams))]
[JsonSerializable(typeof(EmptyParams))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(ModelsListParams))]
[JsonSerializable(typeof(ModelsListResult))]
[JsonSerializable(typeof(AgentsListResult))]
[JsonSerializable(typeof(AgentIdentityParams))]
[JsonSerializable(typeof(AgentIdentity))]
[JsonSerializable(typeof(UsageCostParams))]
[JsonSerializable(typeof(UsageCostResult))]
[JsonSerializable(typeof(UsageStatusResult))]
[JsonSerializable(typeof(SessionsUsageParams))]
[JsonSerializable(typeof(SessionsUsageResult))]
[JsonSerializable(typeof(LogsTailParams))]
[JsonSerializable(typeof(LogsTailResult))]
[JsonSerializable(typeof(ModelsAuthParams))]
[JsonSerializable(typeof(ModelsAuthResult))]
[JsonSerializable(typeof(ChannelsStatusResult))]
[JsonSerializable(typeof(TasksListParams))]
[JsonSerializable(typeof(TasksListResult))]
[JsonSerializable(typeof(TaskParams))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(TaskCancelResult))]
[JsonSerializable(typeof(IReadOnlyList<PresenceEntry>), TypeInfoPropertyName = "Presence")]
[JsonSerializable(typeof(HeartbeatEvent))]
internal sealed partial class StatusMethodsJson : JsonSerializerContext;
