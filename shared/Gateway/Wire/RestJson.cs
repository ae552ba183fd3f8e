using System.Text.Json.Serialization;
using OpenClaw.Gateway.Keys;
using OpenClaw.Gateway.Media;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.SessionChat;
using OpenClaw.Gateway.Sessions;
using OpenClaw.Gateway.Status;

namespace OpenClaw.Gateway.Wire;

/// <summary>JSON of the <c>/api</c> surface: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = 64)]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(HealthDetails))]
[JsonSerializable(typeof(ModelInfoList))]
[JsonSerializable(typeof(ChannelInfoList))]
[JsonSerializable(typeof(SendMessageRequest))]
[JsonSerializable(typeof(SentMessage))]
[JsonSerializable(typeof(MessageEvent))]
[JsonSerializable(typeof(ApiKeyFields))]
[JsonSerializable(typeof(RotateApiKeyRequest))]
[JsonSerializable(typeof(ApiKeyInfo))]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(QueuedMessage))]
[JsonSerializable(typeof(SessionRun))]
[JsonSerializable(typeof(KilledSession))]
[JsonSerializable(typeof(RunEventList))]
[JsonSerializable(typeof(NumberedRunEvent))]
[JsonSerializable(typeof(UsageAnswer))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionInfo))]
[JsonSerializable(typeof(SessionActionRequest))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(HistoryMessage))]
[JsonSerializable(typeof(SessionOutcome))]
[JsonSerializable(typeof(ExportHeader))]
[JsonSerializable(typeof(MediaInfo))]
[JsonSerializable(typeof(MediaList))]
public sealed partial class RestJson : JsonSerializerContext;
