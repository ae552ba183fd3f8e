using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;

namespace OpenClaw.Gateway.Channels;

/// <summary>What channels store and answer. Each platform has a context of its own for its wire records.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChannelRequest))]
[JsonSerializable(typeof(OutboxContent))]
[JsonSerializable(typeof(ChatAddress))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(PairingAction))]
[JsonSerializable(typeof(PairingList))]
[JsonSerializable(typeof(PairingOutcome))]
internal sealed partial class ChannelsJson : JsonSerializerContext;
