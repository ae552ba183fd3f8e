using System.Text.Json.Serialization;
using OpenClaw.Gateway.Sessions.Chat;

namespace OpenClaw.Gateway.Sessions;

/// <summary>JSON of this room under <c>/api</c>: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(SentMessage))]
[JsonSerializable(typeof(MessageEvent))]
[JsonSerializable(typeof(QueuedMessage))]
[JsonSerializable(typeof(SessionRun))]
[JsonSerializable(typeof(KilledSession))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionInfo))]
[JsonSerializable(typeof(SessionActionRequest))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(HistoryMessage))]
[JsonSerializable(typeof(SessionOutcome))]
[JsonSerializable(typeof(ExportHeader))]
public sealed partial class SessionsJson : JsonSerializerContext;
