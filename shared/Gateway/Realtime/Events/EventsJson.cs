using System.Text.Json.Serialization;
using OpenClaw.Gateway.Realtime.Methods.Devices;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>JSON of events: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChatEventPayload))]
[JsonSerializable(typeof(AgentEventPayload))]
[JsonSerializable(typeof(SessionMessagePayload))]
[JsonSerializable(typeof(SessionsChangedPayload))]
[JsonSerializable(typeof(ConfigChangedPayload))]
[JsonSerializable(typeof(SessionToolPayload))]
[JsonSerializable(typeof(PairResolvedPayload))]
[JsonSerializable(typeof(PairingEntry))]
internal sealed partial class EventsJson : JsonSerializerContext;
