using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Runs;

/// <summary>What all instances together know of hook calls, without their content: one row a hook, to which each instance adds at most
/// every five seconds. What an instance has not added yet is lost when it dies.</summary>
public sealed partial class HookLog(GatewayStorage storage, TimeProvider time, ILogger<HookLog> logger) : IHostedService
{
    private const int MaxTries = 5;

    private static readonly TimeSpan StoreInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Unstored> _hooks = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _stopping = new();

    private StorageTable Table => storage.Table(HookStateRow.TableName);

    /// <summary>The hooks that were called, by name. While storage is away: those that this instance has not stored yet.</summary>
    public async Task<HookReport> ReadAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_hooks.Values.Select(hook => StoreAsync(hook, cancellationToken)));
        var states = _hooks.Values.Select(static hook => hook.Added).ToDictionary(static state => state.Name, StringComparer.Ordinal);
        try
        {
            if (storage.IsConfigured)
            {
                await foreach (var row in Table.QueryAsync<HookStateRow>(HookStateRow.All, cancellationToken))
                {
                    var stored = row.ToState();
                    states[stored.Name] = states.TryGetValue(stored.Name, out var own) ? stored.Plus(own) : stored;
                }
            }
        }
        catch (StorageException failure)
        {
            LogNotStored(failure.Message);
        }

        var refused = states.Remove(HookState.Refused, out var unproven) ? unproven.Failures : 0;
        return new HookReport(
            refused, [.. states.Values.Where(static s => s.Calls + s.Failures > 0).OrderBy(static s => s.Name, StringComparer.Ordinal)]);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.TrySetResult();
        await Task.WhenAll(_hooks.Values.Select(hook => StoreAsync(hook, cancellationToken)));
    }

    /// <summary>A call that was not proven.</summary>
    internal void NoteRefused() => Note(HookState.Refused, static (state, _) => state with { Failures = state.Failures + 1 });

    internal void NoteCall(string name) =>
        Note(name, static (state, now) => state with { Calls = state.Calls + 1, LastCallAt = now });

    internal void NoteFailure(string name, GatewayError error) => Note(
        name, (state, now) => state with { Failures = state.Failures + 1, LastError = error.Code, LastErrorAt = now });

    private void Note(string name, Func<HookState, DateTimeOffset, HookState> change)
    {
        var hook = _hooks.GetOrAdd(name, static key => new Unstored(key));
        TimeSpan pause;
        lock (hook)
        {
            var now = time.GetUtcNow();
            hook.Added = change(hook.Added, now);
            if (hook.IsScheduled || !storage.IsConfigured)
            {
                return;
            }

            hook.IsScheduled = true;
            pause = hook.StoredAt + StoreInterval - now;
        }

        _ = StoreLaterAsync(hook, pause);
    }

    private async Task StoreLaterAsync(Unstored hook, TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task.WhenAny(Task.Delay(pause, time), _stopping.Task);
        }

        await StoreAsync(hook, CancellationToken.None);
    }

    /// <summary>Adds what is new to the row. What could not be stored is stored with the next call.</summary>
    private async Task StoreAsync(Unstored hook, CancellationToken cancellationToken)
    {
        await hook.Turn.WaitAsync(cancellationToken);
        var added = new HookState(hook.Added.Name);
        try
        {
            lock (hook)
            {
                (added, hook.Added) = (hook.Added, added);
                (hook.IsScheduled, hook.StoredAt) = (false, time.GetUtcNow());
            }

            if (storage.IsConfigured && added.Calls + added.Failures > 0)
            {
                await AddAsync(added, cancellationToken);
                added = new HookState(added.Name);
            }
        }
        catch (Exception failure)
        {
            LogNotStored(failure.Message); // any exception: nobody waits for this
        }
        finally
        {
            lock (hook)
            {
                hook.Added = added.Plus(hook.Added);
            }

            hook.Turn.Release();
        }
    }

    private async Task AddAsync(HookState added, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var row = await Table.GetAsync<HookStateRow>(HookStateRow.Partition, HookStateRow.KeyOf(added.Name), cancellationToken);
            try
            {
                await (row is null ? Table.InsertAsync(new HookStateRow(added), cancellationToken)
                    : Table.ReplaceAsync(new HookStateRow(row.ToState().Plus(added)), row.ETag, cancellationToken));
                return;
            }
            catch (StorageException conflict) when (conflict.Status is 404 or 409 or 412 && tries < MaxTries)
            {
                // Another instance was faster.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The calls of hooks could not be counted for all instances: {Reason}")]
    private partial void LogNotStored(string reason);

    private sealed class Unstored(string name)
    {
        /// <summary>One write at a time.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public HookState Added { get; set; } = new(name);

        public bool IsScheduled { get; set; }

        public DateTimeOffset StoredAt { get; set; }
    }
}

/// <param name="Refused">Calls that were not proven.</param>
/// <param name="Hooks">Those that were called, by name.</param>
public sealed record HookReport(long Refused, IReadOnlyList<HookState> Hooks);
