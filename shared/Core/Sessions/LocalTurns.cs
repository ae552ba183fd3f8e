namespace OpenClaw.Sessions;

/// <summary>Queues the runs of one session inside this process, first come, first served, so that only one at a time asks
/// storage.</summary>
internal sealed class LocalTurns
{
    private readonly Dictionary<string, Queue<TaskCompletionSource<bool>>> _lanes = new(StringComparer.Ordinal);

    /// <returns>The run's place in this process, to be disposed; null when the wait ended first.</returns>
    public async Task<IDisposable?> EnterAsync(string partition, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool>? mine = null;
        lock (_lanes)
        {
            if (_lanes.TryGetValue(partition, out var lane))
            {
                mine = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                lane.Enqueue(mine);
            }
            else
            {
                _lanes.Add(partition, new Queue<TaskCompletionSource<bool>>());
            }
        }

        if (mine is null)
        {
            return new Place(this, partition);
        }

        using var timeout = new CancellationTokenSource(wait, time);
        await using var onTimeout = timeout.Token.Register(() => mine.TrySetResult(false));
        await using var onLeft = cancellationToken.Register(() => mine.TrySetCanceled(cancellationToken));
        return await mine.Task ? new Place(this, partition) : null;
    }

    private void Leave(string partition)
    {
        lock (_lanes)
        {
            var lane = _lanes[partition];
            while (lane.TryDequeue(out var next))
            {
                if (next.TrySetResult(true))
                {
                    return; // runs that stopped waiting are skipped
                }
            }

            _lanes.Remove(partition);
        }
    }

    private sealed class Place(LocalTurns turns, string partition) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                turns.Leave(partition);
            }
        }
    }
}
