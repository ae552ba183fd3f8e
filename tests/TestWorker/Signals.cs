using System.Collections.Concurrent;

namespace OpenClaw.TestWorker;

/// <summary>Named one-shot signals between functions and the test, which reaches them over HTTP.</summary>
public sealed class Signals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _signals = new(StringComparer.Ordinal);

    public void Send(string name) => Find(name).TrySetResult();

    public Task WaitAsync(string name, CancellationToken cancellationToken) => Find(name).Task.WaitAsync(cancellationToken);

    private TaskCompletionSource Find(string name) =>
        _signals.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
