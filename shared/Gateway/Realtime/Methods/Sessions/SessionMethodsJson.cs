using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Realtime.Methods.Sessions;

/// <summary>JSON of the session methods: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionsListParams))]
[JsonSerializable(typeof(SessionsListResult))]
[JsonSerializable(typeof(SessionKeyParams))]
[JsonSerializable(typeof(SessionDescription))]
[JsonSerializable(typeof(SessionMessages))]
[JsonSerializable(typeof(SessionsPreviewParams))]
[JsonSerializable(typeof(SessionsPreviewResult))]
[JsonSerializable(typeof(SessionsResolveParams))]
[JsonSerializable(typeof(SessionsResolveResult))]
[JsonSerializable(typeof(SessionsCreateParams))]
[JsonSerializable(typeof(SessionChanged))]
[JsonSerializable(typeof(SessionsPatchParams))]
[JsonSerializable(typeof(SessionsResetParams))]
[JsonSerializable(typeof(SessionsDeleteParams))]
[JsonSerializable(typeof(SessionDeleted))]
[JsonSerializable(typeof(SessionsSendParams))]
[JsonSerializable(typeof(SubscribeParams))]
[JsonSerializable(typeof(SubscribeResult))]
internal sealed partial class SessionMethodsJson : JsonSerializerContext;
