using System.Collections.Concurrent;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Tools.Approvals;

/// <summary>Calls of tools that wait for a person's approval. They are stored, so that any instance can decide them, and a run that is
/// resumed finds its decision.
/// <code>
/// a run asks: insert (the same id after a crash) ──► looks every second, at once when this instance decides
/// a person decides: replace, fenced by the row's ETag ──► the run goes on
/// nobody does: from ExpiresAt on the call is denied
/// </code></summary>
public sealed class ApprovalStore(GatewayStorage storage, GatewayConfigStore config, TimeProvider time)
{
    public const string TableName = "approvals";

    private const int IdLength = 10;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a decided call is kept for those who look back.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Raised in this process when a call begins to wait, and when one was decided here. A handler must return at once.</summary>
    public event Action<Approval>? Changed;

    private StorageTable Table => storage.Table(TableName);

    /// <summary>Waits until the call is decided.</summary>
    /// <returns>Whether it may be made, and else the reason for the model.</returns>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<string?> AskAsync(ITool tool, ToolCall call, CancellationToken cancellationToken)
    {
        var approval = await OpenAsync(tool, call, cancellationToken);
        var signal = _waiting.GetOrAdd(
            approval.Id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            while (approval.Decision is null && time.GetUtcNow() < approval.ExpiresAt)
            {
                await signal.Task.WaitAsync(LookInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                approval = (await FindAsync(approval.Id, cancellationToken))?.ToApproval() ?? approval with { Decision = Approval.Denied };
            }
        }
        finally
        {
            _waiting.TryRemove(approval.Id, out _);
        }

        return approval.Decision switch
        {
            Approval.Allowed => null,
            null => $"Nobody approved the call of '{tool.Name}' in time, so it was not made.",
            _ => $"A person denied the call of '{tool.Name}'; it was not made.",
        };
    }

    /// <summary>The calls that wait, oldest first.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IReadOnlyList<Approval>> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(caller, cancellationToken)).Where(a => a.Decision is null && a.ExpiresAt > time.GetUtcNow())];

    /// <summary>The calls of the last week that no longer wait, newest first.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IReadOnlyList<Approval>> ListDecidedAsync(Caller caller, int limit, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(caller, cancellationToken)).Where(a => a.Decision is not null || a.ExpiresAt <= time.GetUtcNow()).Reverse()
            .Take(limit)];

    /// <summary>Decides a call. The same decision again changes nothing.</summary>
    /// <exception cref="GatewayException"><c>404 approval_not_found</c>: no such call, or its time is over. <c>409 approval_decided</c>:
    /// decided the other way. <c>503 storage_unavailable</c>.</exception>
    public async Task<Approval> ResolveAsync(Caller caller, string id, string decision, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await FindAsync(id.ToLowerInvariant(), cancellationToken);
            if (row?.ToApproval() is not { } approval || !MaySee(caller, approval)
                || (approval.Decision is null && approval.ExpiresAt <= time.GetUtcNow()))
            {
                throw new GatewayException(GatewayError.ApprovalNotFound(id));
            }

            if (approval.Decision is not null)
            {
                return approval.Decision == decision ? approval
                    : throw new GatewayException(GatewayError.ApprovalDecided(approval.Decision));
            }

            approval = approval with { Decision = decision, DecidedBy = caller.Subject, DecidedAt = time.GetUtcNow() };
            try
            {
                await Table.ReplaceAsync(new ApprovalRow(approval), row.ETag, cancellationToken);
            }
            catch (StorageException changed) when (changed.Status is 404 or 412)
            {
                continue;
            }

            if (_waiting.TryGetValue(approval.Id, out var signal))
            {
                signal.TrySetResult();
            }

            Changed?.Invoke(approval);
            return approval;
        }
    }

    private static bool MaySee(Caller caller, Approval approval) => caller.IsOperator || caller.Subject == approval.Owner;

    private async Task<Approval> OpenAsync(ITool tool, ToolCall call, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var arguments = call.Arguments.GetRawText();
        var approval = new Approval(
            Secret.HashName("approval", call.Id)[..IdLength].ToLowerInvariant(), tool.Name,
            arguments.Length <= Approval.MaxArguments ? arguments : arguments[..Approval.MaxArguments] + "…", call.Context.Agent.Id,
            call.Context.Session?.Key, call.Context.Caller.Subject, call.Context.RunId ?? "", now,
            now + TimeSpan.FromSeconds(config.Current.Tools.ApprovalTimeoutSeconds))
        {
            Channel = call.Context.Channel,
        };
        try
        {
            await Table.InsertAsync(new ApprovalRow(approval), cancellationToken);
        }
        catch (StorageException exists) when (exists.Status == 409)
        {
            return (await FindAsync(approval.Id, cancellationToken))?.ToApproval() ?? approval;
        }

        Changed?.Invoke(approval);
        return approval;
    }

    private Task<ApprovalRow?> FindAsync(string id, CancellationToken cancellationToken) =>
        id.Length == IdLength && id.All(char.IsAsciiLetterOrDigit)
            ? Table.GetAsync<ApprovalRow>(ApprovalRow.Partition, id, cancellationToken) : Task.FromResult<ApprovalRow?>(null);

    /// <summary>All that the caller may see, oldest first; deletes what is too old.</summary>
    private async Task<List<Approval>> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        var found = new List<Approval>();
        await foreach (var row in Table.QueryAsync<ApprovalRow>(
            new TableQuery { PartitionKey = ApprovalRow.Partition }, cancellationToken))
        {
            var approval = row.ToApproval();
            if (approval.ExpiresAt + Kept < time.GetUtcNow())
            {
                await Table.DeleteAsync(row.PartitionKey, row.RowKey, etag: null, cancellationToken);
            }
            else if (MaySee(caller, approval))
            {
                found.Add(approval);
            }
        }

        found.Sort(static (a, b) => a.CreatedAt.CompareTo(b.CreatedAt));
        return found;
    }
}
