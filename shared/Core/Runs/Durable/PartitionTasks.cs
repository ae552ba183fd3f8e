namespace OpenClaw.Runs.Durable;

/// <summary>Background work by session: one task at a time for each. Who asks while it is under way has it done once more.</summary>
internal sealed class PartitionTasks(Func<string, Task> work)
{
    private readonly Dictionary<string, (Task Task, bool Again)> _running = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>Returns when the work is done, in this task or in the one that is under way.</summary>
    public Task RunAsync(string partition)
    {
        lock (_running)
        {
            if (_isClosed)
            {
                return Task.CompletedTask;
            }

            if (_running.TryGetValue(partition, out var running))
            {
                _running[partition] = running with { Again = true };
                return running.Task;
            }

            var task = Task.Run(() => RepeatAsync(partition));
            _running[partition] = (task, false);
            return task;
        }
    }

    /// <summary>Begins nothing more, and waits for what is under way.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_running)
        {
            _isClosed = true;
            running = [.. _running.Values.Select(r => r.Task)];
        }

        await Task.WhenAll(running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RepeatAsync(string partition)
    {
        do
        {
            await work(partition);
        }
        while (IsAskedAgain(partition));
    }

    /// <summary>True when it was asked for meanwhile: something may have come after the last read.</summary>
    private bool IsAskedAgain(string partition)
    {
        lock (_running)
        {
            if (_running[partition] is { Again: true } asked && !_isClosed)
            {
                _running[partition] = asked with { Again = false };
                return true;
            }

            _running.Remove(partition);
            return false;
        }
    }
}
