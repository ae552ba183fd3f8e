using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>JSON of the handshake: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConnectParams))]
[JsonSerializable(typeof(ConnectChallenge))]
[JsonSerializable(typeof(HelloOk))]
[JsonSerializable(typeof(PresenceList))]
[JsonSerializable(typeof(TickPayload))]
[JsonSerializable(typeof(ShutdownPayload))]
internal sealed partial class ConnectJson : JsonSerializerContext;

internal sealed record PresenceList(IReadOnlyList<PresenceEntry> Presence);

internal sealed record TickPayload(long Ts);

internal sealed record ShutdownPayload(string Reason, int RestartExpectedMs);
