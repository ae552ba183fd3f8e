using Microsoft.Extensions.Hosting;
using OpenClaw.Configuration;

namespace OpenClaw.Runs.Durable;

/// <summary>How a host stops. Readiness fails first and requests are still accepted for a moment; running ones get time to end. What has
/// not ended by the deadline is cancelled with <c>server_stopping</c>, early enough to free its session.</summary>
public sealed class Shutdown : IHostedLifecycleService, IDisposable
{
    private readonly HostTraits _host;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _deadline = new();
    private ITimer? _timer;

    public Shutdown(HostTraits host, TimeProvider time)
    {
        (_host, _time) = (host, time);
        Deadline = _deadline.Token;
    }

    /// <summary>True once the host has begun to stop.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Fires when requests that are still running must end.</summary>
    public CancellationToken Deadline { get; }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        HasBegun = true;
        _timer = _time.CreateTimer(
            static deadline => _ = (
            (CancellationTokenSource)deadline!).CancelAsync(), _deadline, _host.DrainTime, Timeout.InfiniteTimeSpan);
        if (_host.StopNotice > TimeSpan.Zero)
        {
            await Task.Delay(_host.StopNotice, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _timer?.Dispose();
        _deadline.Dispose();
    }
}
