using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Body of <c>POST /hooks/wake</c>, and what a mapping makes of a call.</summary>
internal sealed record WakeRequest
{
    public string? Text { get; init; }

    /// <summary><c>now</c> (default) or <c>next-heartbeat</c>.</summary>
    public string? Mode { get; init; }

    public string? AgentId { get; init; }

    public string? SessionKey { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Body of <c>POST /hooks/agent</c>, and what a mapping makes of a call.</summary>
internal sealed record AgentRequest
{
    public string? Message { get; init; }

    /// <summary>What the hook is called, for the model and for logs.</summary>
    public string? Name { get; init; }

    public string? AgentId { get; init; }

    public string? SessionKey { get; init; }

    /// <summary><c>isolated</c> or <c>persistent</c>; absent: persistent when there is a session key.</summary>
    public string? SessionMode { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary><c>now</c> at most: an agent call runs at once.</summary>
    public string? WakeMode { get; init; }

    /// <summary>Whether the answer is sent to <see cref="Channel"/>; absent: yes, where one is named.</summary>
    public bool? Deliver { get; init; }

    public string? Channel { get; init; }

    public string? To { get; init; }

    public string? AccountId { get; init; }

    public string? Model { get; init; }

    public string? Thinking { get; init; }

    /// <summary>How long the run may take.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>Whether the answer to the call waits for the run.</summary>
    public bool? WaitForResult { get; init; }

    /// <summary>Gets the outcome in one signed POST.</summary>
    public string? CallbackUrl { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Answer to a wake.</summary>
/// <param name="EventOutcome"><c>queued</c>, or <c>coalesced</c> with an equal one that waits.</param>
internal sealed record WokenAnswer(bool Ok, string Mode, string EventOutcome);

/// <summary>Answer to an agent call.</summary>
internal sealed record StartedAnswer(bool Ok, string RunId)
{
    /// <summary>Where the call became several runs: all of them.</summary>
    public IReadOnlyList<string>? RunIds { get; init; }

    public int? Dispatched { get; init; }

    /// <summary>With <c>waitForResult</c>: the state of the run, as <c>GET /api/runs/{id}</c> has it.</summary>
    public string? Status { get; init; }

    /// <summary>With <c>waitForResult</c>: the text of the answer.</summary>
    public string? Result { get; init; }

    public HookFailure? Error { get; init; }
}

internal sealed record HookFailure(string Type, string Message);

/// <summary>Body of a <c>callbackUrl</c>.</summary>
internal sealed record CallbackBody(string Type, string RunId, string Status)
{
    public string? Result { get; init; }

    public HookFailure? Error { get; init; }
}

/// <summary>An accepted hook, as its run remembers it.</summary>
/// <param name="Content">What the model is told.</param>
internal sealed record QueuedHook(string Agent, string Content, DateTimeOffset AcceptedAt)
{
    public string? Model { get; init; }

    public string? Thinking { get; init; }

    public int? TimeoutSeconds { get; init; }

    /// <summary>Where the answer goes; null when it is not delivered.</summary>
    public ReplyRoute? Route { get; init; }

    public string? CallbackUrl { get; init; }
}

/// <summary>JSON of this room: camel case, no nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false, MaxDepth = 64)]
[JsonSerializable(typeof(JsonDocument))]
[JsonSerializable(typeof(WakeRequest))]
[JsonSerializable(typeof(AgentRequest))]
[JsonSerializable(typeof(WokenAnswer))]
[JsonSerializable(typeof(StartedAnswer))]
[JsonSerializable(typeof(CallbackBody))]
[JsonSerializable(typeof(QueuedHook))]
internal sealed partial class HooksJson : JsonSerializerContext;
