using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Runs.Live;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Makes control-plane events of runs: of every stored run that this process executes, whichever surface began it, and of runs on
/// other instances that its clients began or watch. Fast deltas are joined:
/// <code>
/// RunFollower ──► ChatEvents (one for each run) ──► EventBus ──► outlets
/// </code></summary>
internal sealed partial class RunBroadcast(
    LiveRuns live, RunFollower follower, ChatEvents.Factory events, EventAudience audience, TimeProvider time,
    ILogger<RunBroadcast> logger) : IHostedService, IDisposable
{
    /// <summary>How long deltas are joined. The first one of a pause goes out at once.</summary>
    private static readonly TimeSpan JoinTime = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, Task> _runs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private bool _isDisposed;

    /// <summary>Follows a run until it ends; does nothing for one that is followed already.</summary>
    public void Follow(SessionKey session, string runId, string? alias) =>
        _runs.GetOrAdd(runId, static (id, start) => Task.Run(() => start.Self.RunAsync(start.Session, id, start.Alias)),
            (Self: this, Session: session, Alias: alias));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        live.Begun += OnBegun;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        live.Begun -= OnBegun;
        if (!_isDisposed)
        {
            await _stopping.CancelAsync();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _stopping.Dispose();
    }

    private void OnBegun(LiveRun run)
    {
        if (audience.IsPresent)
        {
            Follow(run.Session, run.RunId, run.Alias);
        }
    }

    private async Task RunAsync(SessionKey session, string runId, string? alias)
    {
        var chat = events.Create(session, runId, alias);
        try
        {
            await PumpAsync(session.Partition, runId, chat);
            await chat.EndAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops; clients read on at another instance.
        }
        catch (GatewayException failure)
        {
            LogBroken(runId, failure.Message);
        }
        catch (Exception failure)
        {
            LogFailed(failure, runId);
        }
        finally
        {
            _runs.TryRemove(runId, out _);
        }
    }

    private async Task PumpAsync(string partition, string runId, ChatEvents chat)
    {
        await using var source = follower.FollowAsync(partition, runId, _stopping.Token).GetAsyncEnumerator(_stopping.Token);
        var sent = time.GetTimestamp() - (time.TimestampFrequency * (long)JoinTime.TotalMilliseconds / 1000);
        var next = source.MoveNextAsync().AsTask();
        while (true)
        {
            if (chat.HasDelta)
            {
                var left = JoinTime - time.GetElapsedTime(sent);
                if (left <= TimeSpan.Zero || (!next.IsCompleted && await IsLaterAsync(next, left)))
                {
                    chat.Flush();
                    sent = time.GetTimestamp();
                    continue;
                }
            }

            if (!await next)
            {
                return;
            }

            chat.Take(source.Current);
            next = source.MoveNextAsync().AsTask();
        }
    }

    /// <summary>Whether nothing comes within the time.</summary>
    private async Task<bool> IsLaterAsync(Task next, TimeSpan limit)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var pause = Task.Delay(limit, time, enough.Token);
        var isLater = await Task.WhenAny(next, pause) == pause;
        await enough.CancelAsync();
        return isLater;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clients do not see the rest of run {RunId}: {Reason}")]
    private partial void LogBroken(string runId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Clients do not see the rest of run {RunId}")]
    private partial void LogFailed(Exception failure, string runId);
}

/// <summary>Whether there is anyone whom events could reach.</summary>
internal sealed class EventAudience
{
    private int _count;

    public bool IsPresent => Volatile.Read(ref _count) > 0;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);
}
