using OpenClaw.Tests.Support.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>One invocation the stand-in host asked for.</summary>
/// <param name="Id">The invocation id.</param>
/// <param name="Result">The worker's first answer; fails when the worker dies.</param>
public sealed record HostInvocation(string Id, string Function, Task<StatusResult> Result);

/// <summary>The invocations of a stand-in host and what became of them.</summary>
public sealed class HostInvocations
{
    private readonly Lock _lock = new();
    private readonly List<HostInvocation> _all = [];
    private readonly Dictionary<string, TaskCompletionSource<StatusResult>> _open = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All invocations so far.</summary>
    public IReadOnlyList<HostInvocation> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    public HostInvocation Open(string function, string? id = null)
    {
        var result = new TaskCompletionSource<StatusResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var invocation = new HostInvocation(id ?? Guid.NewGuid().ToString(), function, result.Task);
        lock (_lock)
        {
            _all.Add(invocation);
            _open.Add(invocation.Id, result);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return invocation;
    }

    public void Answer(InvocationResponse response)
    {
        lock (_lock)
        {
            if (_open.Remove(response.InvocationId, out var result))
            {
                result.SetResult(response.Result);
            }
        }
    }

    public void FailAll(string reason)
    {
        lock (_lock)
        {
            foreach (var result in _open.Values)
            {
                result.SetException(new IOException(reason));
                _ = result.Task.Exception; // seen: not every caller is still there
            }

            _open.Clear();
        }
    }

    /// <summary>The latest invocation of a function, now or as soon as there is one.</summary>
    public async Task<HostInvocation> FindAsync(string function)
    {
        using var limit = new CancellationTokenSource(FunctionsHost.Patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_all.LastOrDefault(i => i.Function == function) is { } invocation)
                {
                    return invocation;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(limit.Token);
        }
    }
}
