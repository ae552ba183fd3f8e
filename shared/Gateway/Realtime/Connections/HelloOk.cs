using OpenClaw.Devices;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>Answer to <c>connect</c>.</summary>
internal sealed record HelloOk(
    HelloServer Server, HelloFeatures Features, HelloSnapshot Snapshot, HelloAuth Auth)
{
    public string Type { get; } = "hello-ok";

    public int Protocol { get; } = ControlPolicy.Protocol;

    public required HelloPolicy Policy { get; init; }
}

internal sealed record HelloServer(string Version, string ConnId);

/// <param name="Methods">Only what works.</param>
internal sealed record HelloFeatures(IReadOnlyList<string> Methods, IReadOnlyList<string> Events)
{
    /// <summary>What clients ask for before they use a method. <c>published-model-catalog</c>: <c>models.list</c> answers at once from
    /// what is configured.</summary>
    public IReadOnlyList<string> Capabilities { get; } = ["published-model-catalog"];
}

internal sealed record HelloSnapshot(
    IReadOnlyList<PresenceEntry> Presence, HelloHealth Health, StateVersion StateVersion, long UptimeMs,
    SessionDefaultsInfo SessionDefaults);

internal sealed record HelloHealth(bool Ok, long Ts);

internal sealed record StateVersion(long Presence, long Health);

internal sealed record SessionDefaultsInfo(string DefaultAgentId, string MainKey, string MainSessionKey, string Scope);

/// <param name="Method"><c>token</c>, <c>password</c>, <c>device-token</c>, <c>trusted-proxy</c> or <c>none</c>.</param>
internal sealed record HelloAuth(string Role, IReadOnlyList<string> Scopes, string Method)
{
    /// <summary>The token with which the device connects from now on.</summary>
    public string? DeviceToken { get; init; }

    public long? IssuedAtMs { get; init; }
}

internal sealed record HelloPolicy
{
    public int MaxPayload { get; init; } = ControlPolicy.MaxPayload;

    public required int MaxBufferedBytes { get; init; }

    public int TickIntervalMs { get; init; } = (int)ControlPolicy.TickInterval.TotalMilliseconds;
}

/// <summary>A connected client, or the gateway itself.</summary>
internal sealed record PresenceEntry(long Ts)
{
    public string? Host { get; init; }

    public string? Ip { get; init; }

    public string? Version { get; init; }

    public string? Platform { get; init; }

    public string? DeviceFamily { get; init; }

    public string? TimeZone { get; init; }

    public string? Mode { get; init; }

    /// <summary><c>self</c> or <c>connect</c>.</summary>
    public string? Reason { get; init; }

    public string? Text { get; init; }

    public long? OnlineSince { get; init; }

    public string? DeviceId { get; init; }

    public IReadOnlyList<string>? Roles { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public string? InstanceId { get; init; }

    /// <summary>A client that is connected.</summary>
    public static PresenceEntry Of(ClientInfo info, Scope scopes, string connectionId) => new(info.Since.ToUnixTimeMilliseconds())
    {
        Host = info.DisplayName ?? info.Id,
        Ip = info.RemoteAddress,
        Version = info.Version,
        Platform = info.Platform,
        DeviceFamily = info.DeviceFamily,
        TimeZone = info.TimeZone,
        Mode = info.Mode,
        Reason = "connect",
        Text = $"Node: {info.DisplayName ?? info.Id} ({info.Mode})",
        OnlineSince = info.Since.ToUnixTimeMilliseconds(),
        DeviceId = info.DeviceId,
        Roles = [Device.OperatorRole],
        Scopes = Security.Scopes.ListNames(scopes),
        InstanceId = info.InstanceId ?? connectionId,
    };
}

internal sealed record ConnectChallenge(string Nonce, long Ts);
