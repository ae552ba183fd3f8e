using Microsoft.Extensions.Logging;
using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Functions.Worker;

/// <summary>Pairs what the host says on the stream with the requests it forwards, whichever comes first, and sends exactly one
/// response per invocation. A side whose other half does not come within the limit is given up: an invocation is answered as
/// cancelled, a request is aborted.</summary>
public sealed partial class InvocationTable(HostConnection connection, TimeProvider clock, TimeSpan limit, ILogger logger)
{
    private const int MaxEarlyLogs = 100;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Invocation> _open = new(StringComparer.Ordinal);
    private TaskCompletionSource? _idle;

    /// <summary>The host asks for an HTTP function to be run; the request itself comes over HTTP.</summary>
    public void Announce(string id)
    {
        lock (_lock)
        {
            var invocation = FindOrOpen(id);
            invocation.Announced = true;
            invocation.EarlyLogs.ForEach(line => connection.TrySend(line));
            invocation.EarlyLogs.Clear();
            if (invocation.Result is { } result)
            {
                Answer(invocation, result);
            }
            else if (invocation.Stop is not null)
            {
                invocation.Wait?.Dispose();
            }
        }
    }

    /// <summary>A forwarded request has arrived. Null when the id already has one.</summary>
    public Invocation? Attach(string id, Action stop)
    {
        lock (_lock)
        {
            var invocation = FindOrOpen(id);
            if (invocation.Stop is not null)
            {
                return null;
            }

            invocation.Stop = stop;
            if (invocation.Announced)
            {
                invocation.Wait?.Dispose();
            }

            return invocation;
        }
    }

    /// <summary>The host asks for a function without a request. Null when the id is taken.</summary>
    public Invocation? Open(string id, Action stop)
    {
        lock (_lock)
        {
            var invocation = new Invocation(id) { Announced = true, Stop = stop };
            return _open.TryAdd(id, invocation) ? invocation : null;
        }
    }

    /// <summary>The function has ended and its response is complete.</summary>
    public void Finish(Invocation invocation, StatusResult result)
    {
        lock (_lock)
        {
            if (invocation.Closed)
            {
                return;
            }

            if (invocation.Announced)
            {
                Answer(invocation, result);
            }
            else
            {
                invocation.Result = result;
            }
        }
    }

    /// <summary>The host wants the invocation stopped. Its response follows when the function has ended.</summary>
    public void Cancel(string id)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(id, out var invocation))
            {
                return;
            }

            if (invocation.Stop is { } stop)
            {
                stop(); // under the lock: once finished, the connection may carry another request
            }
            else
            {
                Answer(invocation, Outcome.Cancelled());
            }
        }
    }

    /// <summary>Sends a log line under its invocation: held back until the host knows it, false when it is over.</summary>
    public bool TryLog(Invocation invocation, StreamingMessage line)
    {
        lock (_lock)
        {
            if (invocation.Closed)
            {
                return false;
            }

            if (invocation.Announced)
            {
                connection.TrySend(line);
            }
            else if (invocation.EarlyLogs.Count < MaxEarlyLogs)
            {
                invocation.EarlyLogs.Add(line);
            }

            return true;
        }
    }

    /// <summary>Waits until every invocation is answered; then, or when the token ends the wait, answers the rest as cancelled.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        Task idle;
        lock (_lock)
        {
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            SignalIdle();
            idle = _idle.Task;
        }

        await idle.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            foreach (var invocation in _open.Values.Where(i => i.Announced).ToList())
            {
                Answer(invocation, Outcome.Cancelled());
            }
        }
    }

    private Invocation FindOrOpen(string id)
    {
        if (_open.TryGetValue(id, out var invocation))
        {
            return invocation;
        }

        invocation = new Invocation(id);
        invocation.Wait = clock.CreateTimer(GiveUp, invocation, limit, Timeout.InfiniteTimeSpan);
        _open.Add(id, invocation);
        return invocation;
    }

    private void GiveUp(object? state)
    {
        var invocation = (Invocation)state!;
        lock (_lock)
        {
            if (invocation.Closed || (invocation.Announced && invocation.Stop is not null))
            {
                return;
            }

            if (invocation.Announced)
            {
                LogNoRequest(invocation.Id);
                Answer(invocation, Outcome.Cancelled());
                return;
            }

            Close(invocation);
            if (invocation.Result is null)
            {
                LogNoInvocation();
                invocation.Stop?.Invoke();
            }
        }
    }

    private void Answer(Invocation invocation, StatusResult result)
    {
        Close(invocation);
        connection.Send(new StreamingMessage
        {
            InvocationResponse = new InvocationResponse { InvocationId = invocation.Id, Result = result },
        });
    }

    private void Close(Invocation invocation)
    {
        invocation.Closed = true;
        invocation.Wait?.Dispose();
        _open.Remove(invocation.Id);
        SignalIdle();
    }

    private void SignalIdle()
    {
        if (_open.Count == 0)
        {
            _idle?.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No HTTP request arrived for invocation {InvocationId}; a client may have sent an invocation id of its own")]
    private partial void LogNoRequest(string invocationId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request was aborted: the host never named its invocation")]
    private partial void LogNoInvocation();
}
