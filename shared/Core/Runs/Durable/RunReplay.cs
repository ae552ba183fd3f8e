using System.Runtime.CompilerServices;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Durable;

/// <summary>Replays the events of a run: a queued run from its journal, an interactive one from its stored turn.</summary>
public sealed class RunReplay(SessionStore sessions, SessionInbox inbox, RunSignalOptions options, TimeProvider time)
{
    /// <summary>The state of a run; null when there is no such run.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public Task<RunRow?> FindAsync(string partition, string runId, CancellationToken cancellationToken) =>
        inbox.ReadRunAsync(partition, runId, cancellationToken);

    /// <summary>All events of a durable run, from the first to its end event. Waits for events that have not come yet.</summary>
    /// <param name="onSilence">Called when no event came for a while: the run's instance may have died.</param>
    public async IAsyncEnumerable<RunEvent> FollowAsync(
        string partition, string runId, Func<string, CancellationToken, Task> onSilence,
            [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var row = await FindAsync(partition, runId, cancellationToken)
            ?? throw new InvalidOperationException("The run to follow is not stored.");
        if (row.Kind == RunRow.Interactive)
        {
            await foreach (var runEvent in ReplayAsync(row, runId, cancellationToken))
            {
                yield return runEvent;
            }

            yield break;
        }

        yield return new RunQueued(runId);
        var lastEvent = time.GetTimestamp();
        for (var next = 0; ;)
        {
            var (events, after) = await ReadJournalAsync(partition, runId, next, cancellationToken);
            foreach (var runEvent in events)
            {
                yield return runEvent;
            }

            if (row.HasEnded)
            {
                if (after < row.Batches && next < after)
                {
                    next = after;
                    continue; // the last batch was written between the two reads
                }

                yield return EndOf(row);
                yield break;
            }

            lastEvent = next < after ? time.GetTimestamp() : lastEvent;
            next = after;
            if (time.GetElapsedTime(lastEvent) > options.Silence)
            {
                lastEvent = time.GetTimestamp();
                await onSilence(partition, cancellationToken);
            }

            await sessions.Signals.WaitAsync(runId, options.PollInterval, time, cancellationToken);
            row = await FindAsync(partition, runId, cancellationToken) ?? row;
        }
    }

    /// <summary>The events that a durable run has so far.</summary>
    public async IAsyncEnumerable<RunEvent> SoFarAsync(
        RunRow row, string runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (row.Kind == RunRow.Interactive)
        {
            if (!row.IsCommitted)
            {
                yield break;
            }

            await foreach (var runEvent in ReplayAsync(row, runId, cancellationToken))
            {
                yield return runEvent;
            }

            yield break;
        }

        yield return new RunQueued(runId);
        foreach (var runEvent in (await ReadJournalAsync(row.Partition, runId, 0, cancellationToken)).Events)
        {
            yield return runEvent;
        }

        if (row.HasEnded)
        {
            yield return EndOf(row);
        }
    }

    /// <summary>The text of the agent's messages in a stored run.</summary>
    public async Task<string> ReadMessageAsync(RunRow row, CancellationToken cancellationToken) =>
        string.Concat((await sessions.Transcript.ReadAsync(row.Range, cancellationToken)).Skip(row.InputCount).OfType<MessageItem>()
            .SelectMany(m => m.Content).OfType<TextPart>().Select(p => p.Text));

    /// <summary>Replays a request whose run has ended already.</summary>
    /// <exception cref="GatewayException">As the run failed; <c>409 session_lease_lost</c> when its row no longer exists.</exception>
    internal async IAsyncEnumerable<RunEvent> ReplayAsync(RunRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var row = await FindAsync(request.Session!.Partition, request.RunId, cancellationToken)
            ?? throw new GatewayException(GatewayError.SessionLost());
        await foreach (var runEvent in ReplayAsync(row, request.RunId, cancellationToken))
        {
            yield return runEvent;
        }
    }

    /// <summary>Replays a run that has ended. If it stored no turn, its failure is thrown.</summary>
    /// <exception cref="GatewayException">As the run failed.</exception>
    public IAsyncEnumerable<RunEvent> ReplayAsync(RunRow row, string runId, CancellationToken cancellationToken) => row.IsCommitted
        ? ReplayAsync(row.Range, row.InputCount, EndOf(row), cancellationToken, new RunStarted(runId, row.Agent ?? "", row.Model ?? ""))
        : throw new GatewayException(EndOf(row) is RunFailed failed ? failed.Error : GatewayError.RunCancelled());

    /// <summary>Replays a stored turn as the run that made it.</summary>
    /// <param name="inputCount">How many of its items are input.</param>
    public async IAsyncEnumerable<RunEvent> ReplayAsync(
        TurnRange turn, int inputCount, RunEnded end, [EnumeratorCancellation] CancellationToken cancellationToken,
            RunStarted? start = null)
    {
        yield return start ?? new RunStarted("", "", "");
        var items = await sessions.Transcript.ReadAsync(turn, cancellationToken);
        var index = 0;
        foreach (var item in items.Skip(inputCount).Where(RunOutcome.IsShown))
        {
            foreach (var runEvent in EventsOf(index++, item))
            {
                yield return runEvent;
            }
        }

        yield return end;
    }

    /// <summary>The output of earlier attempts, read from the journal.</summary>
    internal async Task<EarlierAttempt> ReadEarlierAsync(QueuedRun? queued, SessionTurn? turn, CancellationToken cancellationToken)
    {
        if (queued is null || turn is not { Journal.Batches: > 0 })
        {
            return EarlierAttempt.None;
        }

        return EarlierAttempt.Of((await ReadJournalAsync(queued.Session.Partition, queued.RunId, 0, cancellationToken)).Events);
    }

    private async Task<(IEnumerable<RunEvent> Events, int Next)> ReadJournalAsync(
        string partition, string runId, int from, CancellationToken cancellationToken)
    {
        var (batches, next) = await sessions.ReadJournalAsync(partition, runId, from, cancellationToken);
        return (batches.SelectMany(batch => JsonSerializer.Deserialize(batch, RunJson.Default.Events)!), next);
    }

    /// <summary>How a run ended.</summary>
    public static RunEnded EndOf(RunRow row) =>
        row.End is { } json && JsonSerializer.Deserialize(json, RunJson.Default.RunEvent) is RunEnded end ? end
        : row.State switch
        {
            RunRow.Completed => new RunCompleted(RunUsage.None),
            RunRow.Cancelled => new RunCancelled(RunUsage.None),
            RunRow.Failed => new RunFailed(RunUsage.None, GatewayError.RunAbandoned()),
            _ => new RunIncomplete(RunUsage.None, RunIncomplete.Interrupted),
        };

    /// <summary>The events of a whole item.</summary>
    internal static IEnumerable<RunEvent> EventsOf(int index, ConversationItem item)
    {
        switch (item)
        {
            case MessageItem message:
                yield return new ItemStarted(index, message with { Content = [] });
                foreach (var part in message.Content)
                {
                    yield return part is RefusalPart refusal ? new RefusalTextDelta(index, refusal.Refusal)
                        : new TextDelta(index, (part as TextPart)?.Text ?? "");
                }

                break;
            case FunctionCallItem call:
                yield return new ItemStarted(index, call with { Arguments = "" });
                yield return new ArgumentsDelta(index, call.Arguments);
                break;
            case ReasoningItem reasoning:
                yield return new ItemStarted(index, reasoning with { Summary = [] });
                foreach (var summary in reasoning.Summary)
                {
                    yield return new ReasoningDelta(index, summary);
                }

                break;
            default:
                yield return new ItemStarted(index, item);
                break;
        }

        yield return new ItemCompleted(index, item);
    }
}
