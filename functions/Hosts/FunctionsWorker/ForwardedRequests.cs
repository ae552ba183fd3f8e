namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>
/// Knows for each HTTP invocation whether its request is here, because the worker package does not: it waits 15 s for a request that the
/// client has given up. An invocation is cancelled when its client has left, and when no request has come within
/// <see cref="WorkerSettings.RequestLimit"/>.
/// <code>
/// host ──► InvocationRequest (message stream) ──► Announce … End
///      └─► the request itself (HTTP) ───────────► Arrive … Leave       either may come first
/// </code>
/// Source: Azure/azure-functions-dotnet-worker, DefaultHttpCoordinator.
/// </summary>
internal sealed class ForwardedRequests(WorkerSettings settings, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, State> _open = new(StringComparer.Ordinal);

    /// <summary>A forwarded request is here. False when the id already has one.</summary>
    public bool Arrive(string id)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(id, out var state))
            {
                _open.Add(id, new State { HasArrived = true });
                return true;
            }

            if (state.HasArrived)
            {
                return false;
            }

            state.HasArrived = true;
            state.Invocation?.Wait?.Dispose();
            return true;
        }
    }

    /// <summary>The request has been answered, or its client has left.</summary>
    public void Leave(string id)
    {
        CancellationTokenSource? cancellation;
        lock (_lock)
        {
            var state = _open[id];
            if (state.HasEnded)
            {
                _open.Remove(id);
                return;
            }

            state.HasLeft = true;
            cancellation = state.Invocation?.Cancellation;
            if (cancellation is null)
            {
                // The invocation may still be announced; nothing is stored for one that never is.
                state.Expiry = time.CreateTimer(Forget, id, settings.RequestLimit, Timeout.InfiniteTimeSpan);
            }
        }

        Cancel(cancellation); // changes nothing for a function that has ended
    }

    /// <summary>The host asks for an HTTP function.</summary>
    public AnnouncedInvocation Announce(string id, CancellationToken hostToken)
    {
        var invocation = new AnnouncedInvocation(id, CancellationTokenSource.CreateLinkedTokenSource(hostToken));
        bool isGone;
        lock (_lock)
        {
            if (!_open.TryGetValue(id, out var state))
            {
                _open.Add(id, state = new State());
            }

            state.Invocation = invocation;
            isGone = state.HasLeft;
            if (!state.HasArrived)
            {
                invocation.Wait = time.CreateTimer(GiveUp, invocation, settings.RequestLimit, Timeout.InfiniteTimeSpan);
            }
        }

        Cancel(isGone ? invocation.Cancellation : null);
        return invocation;
    }

    /// <summary>The function has ended.</summary>
    public void End(AnnouncedInvocation invocation)
    {
        lock (_lock)
        {
            invocation.Wait?.Dispose();
            var state = _open[invocation.Id];
            state.Invocation = null;
            state.HasEnded = true;
            if (!state.HasArrived || state.HasLeft)
            {
                state.Expiry?.Dispose();
                _open.Remove(invocation.Id);
            }
        }

        invocation.Cancellation.Dispose();
    }

    private void GiveUp(object? state)
    {
        var invocation = (AnnouncedInvocation)state!;
        lock (_lock)
        {
            if (!_open.TryGetValue(invocation.Id, out var open) || open.Invocation != invocation || open.HasArrived)
            {
                return;
            }
        }

        Cancel(invocation.Cancellation);
    }

    private void Forget(object? state)
    {
        var id = (string)state!;
        lock (_lock)
        {
            if (_open.TryGetValue(id, out var open) && open is { HasLeft: true, Invocation: null })
            {
                open.Expiry?.Dispose();
                _open.Remove(id);
            }
        }
    }

    private static void Cancel(CancellationTokenSource? cancellation)
    {
        try
        {
            cancellation?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The function ended in the meantime.
        }
    }

    private sealed class State
    {
        public bool HasArrived { get; set; }

        public bool HasLeft { get; set; }

        public bool HasEnded { get; set; }

        public AnnouncedInvocation? Invocation { get; set; }

        public ITimer? Expiry { get; set; }
    }
}
