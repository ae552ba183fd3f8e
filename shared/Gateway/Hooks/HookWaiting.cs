using Microsoft.AspNetCore.Http;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Hooks;

/// <summary>Answers a call when its run has ended. Where the host cuts answers, a run that lasts longer is named as running.</summary>
public sealed class HookWaiting(RunReplay replay, RunControl control, HostTraits host, TimeProvider time)
{
    /// <returns>200 when the run came to its end or lasts, 502 when it failed.</returns>
    public async Task<IResult> WaitAsync(string runId, CancellationToken cancellationToken)
    {
        var partition = RunId.Parse(runId)!.Value.Partition;
        using var late = new CancellationTokenSource(host.AnswerLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await foreach (var _ in replay.FollowAsync(partition, runId, control.EnsureDispatchedAsync, limit.Token))
            {
                // Only the end counts.
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The caller asks for the run later.
        }

        var row = await replay.FindAsync(partition, runId, cancellationToken);
        if (row is not { HasEnded: true })
        {
            return Answer(new StartedAnswer(true, runId) { Status = row?.State });
        }

        var outcome = HookOutcome.Of(
            RunReplay.EndOf(row), row.IsCommitted ? await replay.ReadMessageAsync(row, cancellationToken) : null);
        return Answer(
            new StartedAnswer(outcome.Error is null, runId) { Status = outcome.Status, Result = outcome.Result, Error = outcome.Error },
            outcome.Error is null ? StatusCodes.Status200OK : StatusCodes.Status502BadGateway);
    }

    private static JsonResult<StartedAnswer> Answer(StartedAnswer answer, int status = StatusCodes.Status200OK) =>
        new(answer, HooksJson.Default.StartedAnswer, status);
}
