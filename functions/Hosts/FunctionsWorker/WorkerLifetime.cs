using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>Leaves the end of the process to the host: a signal mostly reaches the host too, which drains for up to 10 s and then asks its
/// worker to end. A worker that is not asked within <see cref="SignalLimit"/> ends by itself.</summary>
internal sealed class WorkerLifetime(IHostApplicationLifetime lifetime, TimeProvider time) : IHostLifetime, IDisposable
{
    private static readonly TimeSpan SignalLimit = TimeSpan.FromSeconds(15);

    private readonly List<IDisposable> _held = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _held.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndLater));
        _held.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, EndLater));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _held.ForEach(static held => held.Dispose());

    private void EndLater(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _held.Add(time.CreateTimer(_ => lifetime.StopApplication(), null, SignalLimit, Timeout.InfiniteTimeSpan));
    }
}
