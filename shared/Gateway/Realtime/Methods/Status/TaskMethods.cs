using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Methods.Chat;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Realtime.Methods.Status;

/// <summary><c>tasks.*</c>: durable runs. Without a session the list has those of the sessions that changed last.</summary>
internal sealed class TaskMethods(SessionIndex index, SessionInbox inbox, SessionNames names, ChatRuns chat, RunControl control)
    : IControlMethods
{
    private const int RecentSessions = 20;
    private const int DefaultLimit = 100;

    public void AddTo(MethodTable table)
    {
        var json = StatusMethodsJson.Default;
        table.Add("tasks.list", Scope.OperatorRead, json.TasksListParams, json.TasksListResult, ListAsync);
        table.Add("tasks.get", Scope.OperatorRead, json.TaskParams, json.TaskResult, GetAsync);
        table.Add("tasks.cancel", Scope.OperatorWrite, json.TaskParams, json.TaskCancelResult, CancelAsync);
    }

    private async Task<TasksListResult> ListAsync(ControlCall call, TasksListParams asked, CancellationToken cancellationToken)
    {
        var wanted = asked.Status.ValueKind switch
        {
            JsonValueKind.String => [asked.Status.GetString()!],
            JsonValueKind.Array => asked.Status.EnumerateArray().Select(s => s.ToString()).ToHashSet(StringComparer.Ordinal),
            _ => null as IReadOnlyCollection<string>,
        };
        var sessions = asked.SessionKey is { } name
            ? [(await names.FindAsync(call.Caller, name, asked.AgentId, cancellationToken)).Key]
            : (await index.ListAsync(call.Caller.IsOperator ? null : call.Caller.Subject, cancellationToken))
                .Where(e => asked.AgentId is null || e.Agent.Equals(asked.AgentId, StringComparison.OrdinalIgnoreCase))
                .Take(RecentSessions).Select(e => new SessionKey(e.Owner, e.Agent, e.Key)).ToList();
        var rows = await Task.WhenAll(sessions.Select(async key =>
            (await inbox.ListRunsAsync(key.Partition, cancellationToken)).Select(row => Describe(call.Caller, key, row))));
        return new TasksListResult(
            [.. rows.SelectMany(r => r).Where(task => wanted is null || wanted.Contains(task.Status))
                .OrderByDescending(task => task.CreatedAt).Take(asked.Limit ?? DefaultLimit)]);
    }

    private async Task<TaskResult> GetAsync(ControlCall call, TaskParams asked, CancellationToken cancellationToken)
    {
        var (run, row) = await FindAsync(call.Caller, asked.TaskId, cancellationToken);
        return new TaskResult(Describe(call.Caller, run.Session, row));
    }

    private async Task<TaskCancelResult> CancelAsync(ControlCall call, TaskParams asked, CancellationToken cancellationToken)
    {
        var (run, row) = await FindAsync(call.Caller, asked.TaskId, cancellationToken);
        var wasOver = row.HasEnded;
        row = await control.CancelAsync(run.Partition, run.RunId, cancellationToken) ?? row;
        return new TaskCancelResult(true, !wasOver && row.State == RunRow.Cancelled, Describe(call.Caller, run.Session, row));
    }

    private async Task<(StartedChat Run, RunRow Row)> FindAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        await chat.FindAsync(caller, id, cancellationToken) is { Known: { } row } run
            ? (run, row) : throw new GatewayException(GatewayError.RunNotFound(id));

    private static TaskInfo Describe(Caller caller, SessionKey? session, RunRow row) => new(
        row.Id, row.Id, row.Kind,
        row.State switch
        {
            RunRow.Queued => "queued",
            RunRow.Running => "running",
            RunRow.Cancelled or RunRow.Interrupted => "cancelled",
            RunRow.Failed => "failed",
            _ => "completed",
        },
        row.Agent ?? "", row.Alias ?? row.Id)
    {
        Title = row.Kind,
        SessionKey = session is null ? null : SessionNames.NameFor(caller, session),
        CreatedAt = row.CreatedAt?.ToUnixTimeMilliseconds(),
        UpdatedAt = (row.EndedAt ?? row.StartedAt ?? row.CreatedAt)?.ToUnixTimeMilliseconds(),
        StartedAt = row.StartedAt?.ToUnixTimeMilliseconds(),
        EndedAt = row.EndedAt?.ToUnixTimeMilliseconds(),
        Error = row.HasEnded && RunReplay.EndOf(row) is RunFailed failed ? failed.Error.Message : null,
    };
}
