using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Runs;

/// <summary>Durable runs: their state, their events, and the gateway's call to itself that executes them.</summary>
public sealed class RunsHandler(RunReplay replay, RunControl control, LocalDispatcher local, SessionStore sessions, TimeProvider time)
{
    public const string InternalPath = "/internal/runs/";

    /// <summary>The most events of one JSON answer.</summary>
    private const int MaxEvents = 1000;

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <exception cref="GatewayException"><c>404 run_not_found</c>.</exception>
    public async Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var row = await FindAsync(request, id, cancellationToken);
        if (!row.HasEnded && row.Kind != RunRow.Interactive)
        {
            await control.EnsureDispatchedAsync(row.Partition, row.CreatedAt, cancellationToken);
        }

        return new ApiResult<RunInfo>(await DescribeAsync(id, row, cancellationToken), RunsJson.Default.RunInfo);
    }

    /// <summary>Cancels the run and returns its state afterwards.</summary>
    /// <exception cref="GatewayException"><c>404 run_not_found</c>.</exception>
    public async Task<IResult> CancelAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var row = await FindAsync(request, id, cancellationToken);
        row = await control.CancelAsync(row.Partition, id, cancellationToken) ?? row;
        return new ApiResult<RunInfo>(await DescribeAsync(id, row, cancellationToken), RunsJson.Default.RunInfo);
    }

    /// <exception cref="GatewayException"><c>404 run_not_found</c>, <c>400 invalid_value</c>.</exception>
    public async Task<IResult> ListEventsAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var row = await FindAsync(request, id, cancellationToken);
        var after = PageQuery.ReadAfter(request.Query, "after");
        if (request.AcceptsEvents())
        {
            return new SseResult<NumberedRunEvent>(
                FollowAsync(row.Partition, id, after, cancellationToken), RunsJson.Default.NumberedRunEvent)
            {
                EventName = static _ => "message",
                EndsWithDone = false,
            };
        }

        var events = new List<NumberedRunEvent>();
        await foreach (var next in Numbered(replay.SoFarAsync(row, id, cancellationToken)))
        {
            if (next.Number > after && events.Count < MaxEvents)
            {
                events.Add(next);
            }
        }

        return new ApiResult<RunEventList>(
            new RunEventList(events, events.Count > 0 ? events[^1].Number : after, events is [.., { Event: RunEnded }]
                || (events.Count == 0 && row.HasEnded)),
            RunsJson.Default.RunEventList);
    }

    /// <summary>Executes the waiting runs of a session; the answer ends when they have ended. The runs continue when the caller
    /// leaves.</summary>
    public IResult Execute(string partition)
    {
        var run = local.RunAsync(partition);
        return new HeldResult(run, time);
    }

    private async IAsyncEnumerable<NumberedRunEvent> FollowAsync(
        string partition, string id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var next in Numbered(
            replay.FollowAsync(partition, id, control.EnsureDispatchedAsync, cancellationToken)).WithCancellation(cancellationToken))
        {
            if (next.Number > after)
            {
                yield return next;
            }
        }
    }

    private static async IAsyncEnumerable<NumberedRunEvent> Numbered(IAsyncEnumerable<RunEvent> events)
    {
        var number = 0L;
        await foreach (var runEvent in events)
        {
            yield return new NumberedRunEvent(number++, runEvent);
        }
    }

    private async Task<RunRow> FindAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = request.RequireCaller();
        return RunId.Parse(id) is { } parsed
            && await replay.FindAsync(parsed.Partition, id, cancellationToken) is { } row
            && (caller.IsOperator || row.Owner == caller.Subject)
                ? row
                : throw new GatewayException(GatewayError.RunNotFound(id));
    }

    private async Task<RunInfo> DescribeAsync(string id, RunRow row, CancellationToken cancellationToken)
    {
        var end = row.HasEnded ? RunReplay.EndOf(row) : null;
        var isAbandoned = row is { HasEnded: false, Kind: RunRow.Interactive }
            && await sessions.FindHolderAsync(row.Partition, cancellationToken) != id;
        return new RunInfo(id, isAbandoned ? RunRow.Interrupted : row.State, row.Kind, row.Agent, row.Attempt)
        {
            Model = row.Model,
            Message = row.IsCommitted ? await replay.ReadMessageAsync(row, cancellationToken) : null,
            Usage = end is { Usage: { IsReported: true } usage }
                ? new MessageUsage(usage.InputTokens, usage.OutputTokens, usage.TotalTokens) : null,
            Error = end is RunFailed failed ? new RunErrorInfo(ErrorCodes.Of(failed.Error), failed.Error.Message) : null,
            CreatedAt = row.CreatedAt,
            StartedAt = row.StartedAt,
            EndedAt = row.EndedAt,
        };
    }

    /// <summary>Keeps the invocation open, with a byte every 15 s, until the work has ended.</summary>
    private sealed class HeldResult(Task work, TimeProvider time) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/plain";
            await httpContext.Response.StartAsync(CancellationToken.None);
            while (!work.IsCompleted)
            {
                await WriteAsync(httpContext.Response);
                await work.WaitAsync(HeartbeatInterval, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private static async Task WriteAsync(HttpResponse response)
        {
            try
            {
                await response.Body.WriteAsync("."u8.ToArray());
                await response.Body.FlushAsync();
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The calling instance has closed the connection; the work continues.
            }
        }
    }
}
