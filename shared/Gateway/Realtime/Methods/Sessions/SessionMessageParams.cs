using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace OpenClaw.Gateway.Realtime.Methods.Sessions;

internal sealed record SessionsSendParams
{
    [MinLength(1)]
    public required string Key { get; init; }

    public required string Message { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    public string? Thinking { get; init; }

    [MinLength(1)]
    public string? IdempotencyKey { get; init; }

    public JsonElement Attachments { get; init; }

    [Range(0, int.MaxValue)]
    public long? TimeoutMs { get; init; }
}

/// <summary>Parameters of <c>sessions.subscribe</c>: those of a list are accepted.</summary>
internal sealed record SubscribeParams
{
    public JsonElement Limit { get; init; }

    public JsonElement AgentId { get; init; }

    public JsonElement IncludeGlobal { get; init; }

    public JsonElement IncludeUnknown { get; init; }

    public JsonElement ConfiguredAgentsOnly { get; init; }
}

internal sealed record SubscribeResult(bool Subscribed)
{
    public string? Key { get; init; }
}
