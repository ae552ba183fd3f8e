using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using OpenClaw.Gateway.Realtime.Protocol;

namespace OpenClaw.Gateway.Realtime.Methods.Config;

/// <summary>A new configuration.</summary>
internal record ConfigSetParams
{
    /// <summary>JSON5.</summary>
    [MinLength(1)]
    public required string Raw { get; init; }

    /// <summary>The hash of what the client was shown; may be absent only when there is no file yet.</summary>
    public string? BaseHash { get; init; }
}

/// <summary>The same for <c>config.apply</c>; the other fields have no effect, since changes are in force without a restart.</summary>
internal record ConfigApplyParams : ConfigSetParams
{
    public JsonElement SessionKey { get; init; }

    public JsonElement DeliveryContext { get; init; }

    public JsonElement Note { get; init; }

    public JsonElement RestartDelayMs { get; init; }
}

/// <summary>A change as JSON merge patch.</summary>
internal sealed record ConfigPatchParams : ConfigApplyParams
{
    /// <summary>Lists that may lose entries, such as <c>gateway.trustedProxies</c>.</summary>
    public IReadOnlyList<string>? ReplacePaths { get; init; }
}

/// <summary>The configuration; secrets are replaced by a placeholder.</summary>
/// <param name="Raw">The file as JSON.</param>
/// <param name="SourceConfig">The same as <paramref name="Parsed"/>.</param>
/// <param name="Resolved">What is in force, with the environment on top.</param>
/// <param name="Hash">To be sent back with a change; opaque.</param>
internal sealed record ConfigGetResult(
    string Path, bool Exists, string Raw, JsonElement Parsed, JsonElement SourceConfig, JsonElement Resolved, JsonElement Config,
    bool Valid,
    IReadOnlyList<RpcIssue> Issues, IReadOnlyList<RpcIssue> Warnings, string Hash);

/// <param name="Config">The file as JSON.</param>
internal sealed record ConfigWritten(string Path, string Hash, JsonElement Config)
{
    public bool Ok { get; } = true;

    /// <summary>True when the file said the same already.</summary>
    public bool? Noop { get; init; }

    /// <summary>Settings that change with the next start only.</summary>
    public IReadOnlyList<string>? RestartRequired { get; init; }

    public IReadOnlyList<RpcIssue>? Warnings { get; init; }
}

/// <param name="UiHints">By pattern of the key: <c>help</c>, and <c>sensitive</c> for secrets.</param>
internal sealed record ConfigSchemaResult(JsonElement Schema, JsonElement UiHints, string Version, string GeneratedAt);
