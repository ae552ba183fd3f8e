using System.Text.Json.Serialization;
using OpenClaw.Gateway.Realtime.Connections;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>What <c>/negotiate</c> recorded of a client, under an id that only the client and the service know.</summary>
/// <param name="Nonce">What the client signs when it connects as a device.</param>
/// <param name="ExpiresAt">When the client must have connected.</param>
internal sealed record RealtimeTicket(string Id, RealtimeGrant Grant, string Nonce, DateTimeOffset ExpiresAt)
{
    /// <summary>How long a client may take to connect, or to come back with the same token.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The page that negotiated; null when it was no page.</summary>
    public string? Origin { get; init; }

    public bool IsOriginAllowed { get; init; }

    public string? RemoteAddress { get; init; }

    /// <summary>Whether a text can be the id of a ticket.</summary>
    public static bool IsId(string? text) =>
        text is { Length: 28 } && text.StartsWith("rtc_", StringComparison.Ordinal) && text.AsSpan(4).IndexOfAnyExcept(IdCharacters) < 0;

    private static readonly System.Buffers.SearchValues<char> IdCharacters =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

/// <summary>A client that has connected.</summary>
/// <param name="Scopes">What it asked for, at most what it was granted.</param>
internal sealed record AdmittedClient(Scope Scopes, ClientInfo Info);

/// <summary>Answer of <c>/negotiate</c>: where to connect and with which token. Source: ASP.NET Core SignalR, "Transport protocols",
/// redirect of a negotiation.</summary>
internal sealed record NegotiateAnswer(string Url, string AccessToken)
{
    /// <summary>For devices: the challenge of the connection.</summary>
    public required ConnectChallenge Challenge { get; init; }
}

/// <summary>An event that the service sends about a client; names are read in any case. Source: Azure SignalR Service, upstream
/// settings.</summary>
internal sealed record UpstreamMessage
{
    public int? Type { get; init; }

    public string? InvocationId { get; init; }

    public string? Target { get; init; }

    public IReadOnlyList<System.Text.Json.JsonElement>? Arguments { get; init; }
}

/// <summary>JSON of this folder: camel case, no nulls, names in any case when read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(RealtimeTicket))]
[JsonSerializable(typeof(AdmittedClient))]
[JsonSerializable(typeof(NegotiateAnswer))]
[JsonSerializable(typeof(UpstreamMessage))]
internal sealed partial class SignalRJson : JsonSerializerContext;

/// <summary>JSON of the hub's arguments and results, which are frames.</summary>
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
[JsonSerializable(typeof(System.Text.Json.JsonElement?))]
internal sealed partial class HubJson : JsonSerializerContext;
