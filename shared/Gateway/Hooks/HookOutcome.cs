using OpenClaw.Runs;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Hooks;

/// <summary>How the run of a hook ended, for callers.</summary>
/// <param name="Status"><c>completed</c>, <c>incomplete</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Result">The text of the answer; null without one.</param>
/// <param name="Error">Null when the run came to its end, or was cut by a limit.</param>
internal sealed record HookOutcome(string Status, string? Result, HookFailure? Error)
{
    public const string Failed = RunRow.Failed;

    public static HookOutcome Of(RunOutcome outcome) => Of(
        outcome.End, string.Concat(outcome.Output.OfType<MessageItem>().SelectMany(m => m.Content).OfType<TextPart>().Select(p => p.Text)));

    public static HookOutcome Of(RunEnded end, string? text) => new(
        end switch
        {
            RunCompleted => RunRow.Completed,
            RunIncomplete => RunRow.Incomplete,
            RunCancelled => RunRow.Cancelled,
            _ => Failed,
        },
        string.IsNullOrEmpty(text) ? null : text,
        end.Failure is { } failure ? new HookFailure(failure.Code, failure.Message) : null);

    public CallbackBody ToCallback(string type, string runId) => new(type, runId, Status) { Result = Result, Error = Error };
}
