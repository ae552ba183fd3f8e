using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary>Parameters of <c>agent</c>. Fields of <see cref="JsonElement"/> other than attachments are accepted and have no
/// effect.</summary>
internal sealed record AgentParams
{
    [MinLength(1)]
    public required string Message { get; init; }

    [MinLength(1)]
    public required string IdempotencyKey { get; init; }

    [MinLength(1)]
    public string? AgentId { get; init; }

    public string? SessionKey { get; init; }

    public string? Thinking { get; init; }

    public string? ExtraSystemPrompt { get; init; }

    /// <summary>Seconds.</summary>
    [Range(0, int.MaxValue)]
    public int? Timeout { get; init; }

    public JsonElement Attachments { get; init; }

    public JsonElement Provider { get; init; }

    public JsonElement Model { get; init; }

    public JsonElement To { get; init; }

    public JsonElement ReplyTo { get; init; }

    public JsonElement SessionId { get; init; }

    public JsonElement ExpectedExistingSessionId { get; init; }

    public JsonElement Deliver { get; init; }

    public JsonElement Channel { get; init; }

    public JsonElement ReplyChannel { get; init; }

    public JsonElement AccountId { get; init; }

    public JsonElement ReplyAccountId { get; init; }

    public JsonElement ThreadId { get; init; }

    public JsonElement GroupId { get; init; }

    public JsonElement GroupChannel { get; init; }

    public JsonElement GroupSpace { get; init; }

    public JsonElement BestEffortDeliver { get; init; }

    public JsonElement Lane { get; init; }

    public JsonElement Cwd { get; init; }

    public JsonElement CleanupBundleMcpOnRunEnd { get; init; }

    public JsonElement BootstrapContextMode { get; init; }

    public JsonElement BootstrapContextRunKind { get; init; }

    public JsonElement InputProvenance { get; init; }

    public JsonElement Label { get; init; }
}

/// <summary>Answer of <c>agent</c>: first <c>accepted</c>, then <c>ok</c> or <c>error</c> under the same request id.</summary>
internal sealed record AgentResult(string RunId, string Status)
{
    public string? SessionKey { get; init; }

    public string? AgentId { get; init; }

    public long? AcceptedAt { get; init; }

    public string? Summary { get; init; }

    public AgentOutput? Result { get; init; }
}

internal sealed record AgentOutput(IReadOnlyList<AgentPayload> Payloads, AgentOutputMeta Meta);

internal sealed record AgentPayload(string Text);

internal sealed record AgentOutputMeta(long DurationMs, bool Aborted, string StopReason, AgentRunMeta AgentMeta);

internal sealed record AgentRunMeta(string SessionId, string Provider, string Model);

internal sealed record AgentWaitParams
{
    [MinLength(1)]
    public required string RunId { get; init; }

    [Range(0, int.MaxValue)]
    public long? TimeoutMs { get; init; }
}

/// <param name="Status"><c>ok</c>, <c>error</c> or <c>timeout</c>.</param>
internal sealed record AgentWaitResult(string RunId, string Status)
{
    public long? StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string? StopReason { get; init; }

    public string? Error { get; init; }

    public TerminalReply? TerminalReply { get; init; }
}

internal sealed record TerminalReply(string Disposition, string Text);
