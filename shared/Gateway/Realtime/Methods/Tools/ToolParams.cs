using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Gateway.Runs;

namespace OpenClaw.Gateway.Realtime.Methods.Tools;

internal sealed record ToolsCatalogParams
{
    public string? AgentId { get; init; }

    /// <summary>Has no effect.</summary>
    public bool? IncludePlugins { get; init; }
}

internal sealed record ToolsCatalog(string AgentId, IReadOnlyList<CatalogProfile> Profiles, IReadOnlyList<CatalogGroup> Groups);

internal sealed record CatalogProfile(string Id, string Label);

/// <param name="Source"><c>core</c> for what is built in, else <c>plugin</c>.</param>
internal sealed record CatalogGroup(string Id, string Label, string Source, IReadOnlyList<CatalogTool> Tools);

internal sealed record CatalogTool(string Id, string Label, string Description, string Source, IReadOnlyList<string> DefaultProfiles);

internal sealed record ToolsEffectiveParams
{
    public string? SessionKey { get; init; }

    public string? AgentId { get; init; }
}

internal sealed record ToolsEffective(string AgentId, string Profile, IReadOnlyList<EffectiveGroup> Groups);

internal sealed record EffectiveGroup(string Id, string Label, string Source, IReadOnlyList<EffectiveTool> Tools);

internal sealed record EffectiveTool(string Id, string Label, string Description, string RawDescription, string Source);

internal sealed record ToolsInvokeParams
{
    public required string Name { get; init; }

    public JsonElement Args { get; init; }

    public string? SessionKey { get; init; }

    public string? AgentId { get; init; }

    /// <summary>Has no effect: approvals are given by <c>approval.*</c>.</summary>
    public bool? Confirm { get; init; }

    [MinLength(1), MaxLength(256)]
    public string? IdempotencyKey { get; init; }
}

internal sealed record ToolsInvoked(bool Ok, string ToolName)
{
    public ToolOutput? Output { get; init; }

    public bool? RequiresApproval { get; init; }

    public string? Source { get; init; }

    public ToolFailure? Error { get; init; }
}

internal sealed record ToolOutput(IReadOnlyList<ToolContent> Content);

internal sealed record ToolFailure(string Code, string Message);

/// <summary>JSON of the methods about tools: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ToolsCatalogParams))]
[JsonSerializable(typeof(ToolsCatalog))]
[JsonSerializable(typeof(ToolsEffectiveParams))]
[JsonSerializable(typeof(ToolsEffective))]
[JsonSerializable(typeof(ToolsInvokeParams))]
[JsonSerializable(typeof(ToolsInvoked))]
internal sealed partial class ToolMethodsJson : JsonSerializerContext;
