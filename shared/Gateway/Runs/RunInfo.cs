using OpenClaw.Runs;

namespace OpenClaw.Gateway.Runs;

/// <summary>One durable run.</summary>
/// <param name="Status"><c>queued</c>, <c>running</c>, <c>completed</c>, <c>incomplete</c>, <c>interrupted</c>, <c>failed</c> or
/// <c>cancelled</c>.</param>
/// <param name="Kind"><c>interactive</c>, or the kind of the queued request.</param>
/// <param name="Attempts">How many times it was begun; more than once after an instance died.</param>
public sealed record RunInfo(string Id, string Status, string Kind, string? Agent, int Attempts)
{
    /// <summary>The backend model that answered.</summary>
    public string? Model { get; init; }

    /// <summary>The text of the agent's messages, once they are stored.</summary>
    public string? Message { get; init; }

    public MessageUsage? Usage { get; init; }

    public RunErrorInfo? Error { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Tokens; zero where the provider reports none.</summary>
public sealed record MessageUsage(long PromptTokens, long CompletionTokens, long TotalTokens);

public sealed record RunErrorInfo(string Code, string Message);

/// <summary>The events of a run so far.</summary>
/// <param name="Next">The value of <c>after</c> for the next request.</param>
/// <param name="Ended">Whether there will be no more.</param>
public sealed record RunEventList(IReadOnlyList<NumberedRunEvent> Events, long Next, bool Ended);

/// <param name="Number">From 0, without gaps.</param>
public sealed record NumberedRunEvent(long Number, RunEvent Event);
