using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Tools;

/// <summary>Body of <c>/tools/invoke</c>. Source: the original's tools-invoke API, and the shorter form that its users write:
/// <c>{tool, arguments}</c>.</summary>
public sealed record ToolInvokeRequest
{
    public string? Tool { get; init; }

    /// <summary>Beats <see cref="Tool"/>.</summary>
    public string? Name { get; init; }

    public JsonElement Args { get; init; }

    /// <summary>The same as <see cref="Args"/>.</summary>
    public JsonElement Arguments { get; init; }

    /// <summary>Becomes the argument <c>action</c> of a tool that has one.</summary>
    public string? Action { get; init; }

    public string? SessionKey { get; init; }

    public string? AgentId { get; init; }

    public string? IdempotencyKey { get; init; }

    public bool? DryRun { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
