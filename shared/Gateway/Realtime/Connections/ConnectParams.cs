using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>Parameters of <c>connect</c>. Source: control plane of OpenClaw, protocol 4; fields of <see cref="JsonElement"/> are accepted
/// and have no effect.</summary>
internal sealed record ConnectParams
{
    [Range(1, int.MaxValue)]
    public required int MinProtocol { get; init; }

    [Range(1, int.MaxValue)]
    public required int MaxProtocol { get; init; }

    public required ConnectClient Client { get; init; }

    /// <summary>What the client understands; <see cref="Events.ToolEvents.Capability"/> has an effect.</summary>
    public JsonElement Caps { get; init; }

    public JsonElement Commands { get; init; }

    public JsonElement ComputerUse { get; init; }

    public JsonElement WorkerRuns { get; init; }

    public JsonElement Permissions { get; init; }

    public JsonElement PathEnv { get; init; }

    public JsonElement ModelCatalog { get; init; }

    /// <summary>Only <c>operator</c>.</summary>
    [MinLength(1)]
    public string? Role { get; init; }

    /// <summary>Wire names; absent asks for all that the credential grants.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    public ConnectDevice? Device { get; init; }

    public ConnectAuth? Auth { get; init; }

    public JsonElement Locale { get; init; }

    public JsonElement UserAgent { get; init; }
}

internal sealed record ConnectClient
{
    [AllowedValues(
        "webchat-ui", "openclaw-control-ui", "openclaw-browser-copilot", "openclaw-tui", "webchat", "cli", "gateway-client",
        "openclaw-macos", "openclaw-linux", "openclaw-ios", "openclaw-watchos", "openclaw-android", "node-host", "openclaw-worker", "test",
        "fingerprint", "openclaw-probe")]
    public required string Id { get; init; }

    [MinLength(1), MaxLength(200)]
    public string? DisplayName { get; init; }

    [MinLength(1), MaxLength(100)]
    public required string Version { get; init; }

    public JsonElement BuildId { get; init; }

    [MinLength(1), MaxLength(100)]
    public required string Platform { get; init; }

    [MinLength(1), MaxLength(100)]
    public string? DeviceFamily { get; init; }

    public JsonElement ModelIdentifier { get; init; }

    [MinLength(1), MaxLength(64)]
    public string? TimeZone { get; init; }

    [AllowedValues("webchat", "cli", "ui", "backend", "node", "worker", "probe", "test")]
    public required string Mode { get; init; }

    [MinLength(1), MaxLength(200)]
    public string? InstanceId { get; init; }

    /// <summary>Whether it is a page in a browser, which must come from an allowed origin.</summary>
    public bool IsPage() => Id is "openclaw-control-ui" or "webchat-ui" or "webchat" || Mode is "webchat" or "ui";
}

internal sealed record ConnectDevice
{
    [MinLength(1)]
    public required string Id { get; init; }

    [MinLength(1)]
    public required string PublicKey { get; init; }

    [MinLength(1)]
    public required string Signature { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public required long SignedAt { get; init; }

    [MinLength(1)]
    public required string Nonce { get; init; }
}

internal sealed record ConnectAuth
{
    /// <summary>The gateway's secret, a named key or a device token.</summary>
    public string? Token { get; init; }

    public string? DeviceToken { get; init; }

    public string? Password { get; init; }

    public JsonElement BootstrapToken { get; init; }

    public JsonElement ApprovalRuntimeToken { get; init; }

    public JsonElement AgentRuntimeIdentityToken { get; init; }
}
