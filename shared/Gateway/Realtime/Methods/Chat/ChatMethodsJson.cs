using System.Text.Json.Serialization;
using OpenClaw.Gateway.Realtime.Events;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary>JSON of the chat methods: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueuedChat))]
[JsonSerializable(typeof(ChatSendParams))]
[JsonSerializable(typeof(ChatSendResult))]
[JsonSerializable(typeof(ChatAbortParams))]
[JsonSerializable(typeof(SessionsAbortParams))]
[JsonSerializable(typeof(ChatAbortResult))]
[JsonSerializable(typeof(ChatHistoryParams))]
[JsonSerializable(typeof(ChatHistoryResult))]
[JsonSerializable(typeof(ChatMetadataParams))]
[JsonSerializable(typeof(ChatMetadata))]
[JsonSerializable(typeof(CommandsListParams))]
[JsonSerializable(typeof(CommandsListResult))]
[JsonSerializable(typeof(AgentParams))]
[JsonSerializable(typeof(AgentResult))]
[JsonSerializable(typeof(AgentWaitParams))]
[JsonSerializable(typeof(AgentWaitResult))]
[JsonSerializable(typeof(IReadOnlyList<ChatMessage>), TypeInfoPropertyName = "Messages")]
[JsonSerializable(typeof(IReadOnlyList<SessionMessagePayload>), TypeInfoPropertyName = "Envelopes")]
internal sealed partial class ChatMethodsJson : JsonSerializerContext;
