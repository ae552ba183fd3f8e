using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Security.Limits;

namespace OpenClaw.Security.Rights;

/// <summary>What a caller may do at this moment. A request is checked when it arrives; everything that lives longer or is executed later
/// asks here again, so that a credential that was revoked, has expired or was narrowed has no effect afterwards:
/// <list type="bullet">
/// <item><see cref="RequireAsync"/> at the moment of use: a run when it is admitted, a model call of the gateway's own;</item>
/// <item><see cref="Watch"/> for as long as something lasts: a request with its answer, a connection, a run. Every two seconds the
/// rights are checked, and <see cref="LiveCaller.Ended"/> fires when they no longer suffice.</item>
/// </list></summary>
public sealed partial class CallerRights : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<LiveCaller, byte> _live = new();
    private readonly IReadOnlyList<ICallerSource> _sources;
    private readonly RateLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly ILogger<CallerRights> _logger;
    private readonly Lock _timerLock = new();
    private ITimer? _timer;
    private int _isLooking;

    internal CallerRights(IEnumerable<ICallerSource> sources, RateLimiter limiter, TimeProvider time, ILogger<CallerRights> logger) =>
        (_sources, _limiter, _time, _logger) = ([.. sources], limiter, time, logger);

    /// <summary>The caller with its rights of now, if they suffice.</summary>
    /// <param name="agent">The agent that is to run; null where none is.</param>
    /// <exception cref="GatewayException"><c>401 invalid_api_key</c>, <c>403 missing_scope</c>, <c>403 agent_not_allowed</c>,
    /// <c>403 forbidden</c>, <c>503 storage_unavailable</c>.</exception>
    public async ValueTask<Caller> RequireAsync(Caller caller, Scope scope, string? agent, CancellationToken cancellationToken)
    {
        var source = _sources.FirstOrDefault(s => s.Knows(caller))
            ?? throw new GatewayException(GatewayError.Unauthorized("This kind of credential is not known here."));
        caller = await source.RenewAsync(caller, cancellationToken);
        caller.Require(scope);
        if (agent is not null)
        {
            caller.RequireAgent(agent);
        }

        return caller;
    }

    /// <summary>Watches the caller until the result is disposed.</summary>
    /// <inheritdoc cref="RequireAsync"/>
    public LiveCaller Watch(Caller caller, Scope scope, string? agent = null)
    {
        var live = new LiveCaller(this, _limiter, caller, scope, agent);
        _live.TryAdd(live, 0);
        if (_timer is null)
        {
            lock (_timerLock)
            {
                _timer ??= _time.CreateTimer(static rights => _ = ((CallerRights)rights!).LookAsync(), this, Interval, Interval);
            }
        }

        return live;
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }
    }

    internal void Forget(LiveCaller live) => _live.TryRemove(live, out _);

    private async Task LookAsync()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return; // storage is slow; the look under way goes on
        }

        try
        {
            await Task.WhenAll(_live.Keys.Select(live => live.CheckAsync()));
        }
        catch (Exception failure)
        {
            LogNotChecked(failure);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The rights of running requests could not be checked")]
    private partial void LogNotChecked(Exception failure);
}
