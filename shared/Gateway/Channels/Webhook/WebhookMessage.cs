using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Channels.Webhook;

/// <summary>The body of a delivery.</summary>
/// <param name="Type"><c>message</c>.</param>
/// <param name="Channel"><c>webhook</c>.</param>
/// <param name="Account">Of the channel; <c>default</c> where the configuration names none.</param>
/// <param name="To">As the delivery names its receiver.</param>
/// <param name="Text">Markdown, as the agent wrote it. Files are named by their addresses, <c>/media/{id}</c>.</param>
/// <param name="Timestamp">When what is answered was accepted; ISO 8601.</param>
internal sealed record WebhookMessage(string Type, string Channel, string Account, string To, string Text, DateTimeOffset Timestamp);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookMessage))]
internal sealed partial class WebhookJson : JsonSerializerContext;
