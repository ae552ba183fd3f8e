using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Responses;

/// <summary>Responses that are executed without a waiting caller, and the streams of stored ones.</summary>
public sealed class BackgroundResponses(
    ResponsePreparation preparation, RunAdmission admission, ResponseStore responses, RunControl control, RunReplay replay,
        TimeProvider time)
{
    /// <summary>Accepts a response: it will be executed, even if this instance dies.</summary>
    /// <exception cref="GatewayException"><c>400</c>, <c>404</c>, <c>422</c>, <c>429
    /// too_many_waiting_runs</c>, <c>503 storage_unavailable</c>: nothing was
    /// accepted.</exception>
    public async Task<StoredResponse> AcceptAsync(HttpRequest request, CreateResponseRequest body, CancellationToken cancellationToken)
    {
        var plan = await preparation.PlanAsync(request, body, isRemembered: false, cancellationToken);
        var run = await preparation.ToRunAsync(plan, remembered: null, cancellationToken);
        var admitted = await admission.AdmitAsync(run.Run, cancellationToken);
        if (plan.RepeatedAt is null || await responses.FindAsync(plan.ResponseId, plan.Caller, cancellationToken) is not { } known)
        {
            await control.AcceptAsync(
                admitted, plan.ToQueuedRun(time.GetUtcNow()), [ResponseStore.ToQueuedDocument(run.Empty, plan)], null, cancellationToken);
            return new StoredResponse(
                run.Empty with { Status = ResponseItems.Queued }, plan.Session!, plan.User, [], new(
                plan.Session!.Partition, 0, 0), 0, plan.RunId);
        }

        return known;
    }

    /// <summary>Dispatches a response again when its instance may have died; called when a client asks for its state.</summary>
    public Task EnsureDispatchedAsync(StoredResponse stored, CancellationToken cancellationToken) =>
        stored.HasEnded ? Task.CompletedTask
            : control.EnsureDispatchedAsync(
            stored.Own.Partition, DateTimeOffset.FromUnixTimeSeconds(stored.Response.CreatedAt), cancellationToken);

    /// <summary>The events of a stored response, from the first that comes after <paramref name="after"/>.</summary>
    public IResult Stream(StoredResponse stored, Caller caller, long after, CancellationToken cancellationToken)
    {
        var dialect = new ResponsesDialect(EmptyOf(stored.Response), time);
        return new SseResult<ResponseEvent>(EventsAsync(stored, caller, dialect, after, cancellationToken), dialect.EventType)
        {
            EventName = dialect.NameOf,
            OnFailure = dialect.ToFailure,
        };
    }

    /// <summary>Cancels a background response and waits until it has ended.</summary>
    /// <exception cref="GatewayException"><c>400 not_cancellable</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<StoredResponse> CancelAsync(StoredResponse stored, Caller caller, CancellationToken cancellationToken)
    {
        if (!stored.Response.Background || stored.RunId is null)
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                "Only a background response can be cancelled; close the connection of any other.", "response_id",
                    ErrorCode.NotCancellable));
        }

        if (stored.HasEnded)
        {
            return stored;
        }

        await control.CancelAsync(stored.Own.Partition, stored.RunId, cancellationToken);
        return await responses.FindAsync(stored.Response.Id, caller, cancellationToken) ?? stored;
    }

    private async IAsyncEnumerable<ResponseEvent> EventsAsync(
        StoredResponse stored, Caller caller, ResponsesDialect dialect, long after,
            [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = stored.RunId is { } runId
            ? replay.FollowAsync(stored.Own.Partition, runId, control.EnsureDispatchedAsync, cancellationToken)
            : replay.ReplayAsync(stored.Own, stored.InputCount, EndOf(stored.Response), cancellationToken);
        await foreach (var next in dialect.ToEvents(events, cancellationToken))
        {
            if (next.SequenceNumber <= after)
            {
                continue;
            }

            // The last event carries the resource exactly as it is stored.
            yield return next is ResponseStateEvent { Response.Status: not (ResponseItems.Queued or ResponseItems.InProgress) } end
                && await responses.FindAsync(stored.Response.Id, caller, cancellationToken) is { HasEnded: true } final
                    ? end with { Response = final.Response }
                    : next;
        }
    }

    /// <summary>The resource as it was before its run.</summary>
    private static Response EmptyOf(Response response) => response with
    {
        Status = ResponseItems.InProgress,
        Output = [],
        Usage = null,
        CompletedAt = null,
        Error = null,
        IncompleteDetails = null,
    };

    private static RunEnded EndOf(Response response) => response.Status switch
    {
        ResponseItems.Failed => new RunFailed(RunUsage.None, GatewayError.Internal()),
        ResponseItems.Incomplete => new RunIncomplete(RunUsage.None, response.IncompleteDetails?.Reason ?? RunIncomplete.Interrupted),
        _ => new RunCompleted(RunUsage.None),
    };
}
