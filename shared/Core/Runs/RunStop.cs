using OpenClaw.Errors;
using OpenClaw.Security.Rights;

namespace OpenClaw.Runs;

/// <summary>The one signal that ends a run before its model does, and why it was given.</summary>
internal sealed class RunStop : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationToken _lost;
    private readonly CancellationToken _cancelled;
    private readonly CancellationTokenSource _source;
    private readonly LiveCaller _live;

    /// <param name="live">The run's caller: the run ends when it may not go on.</param>
    /// <param name="limit">How long the run may take.</param>
    /// <param name="lost">Another run took the session over.</param>
    /// <param name="cancelled">A request to cancel the run.</param>
    /// <param name="caller">The caller left, or the host ends.</param>
    public RunStop(LiveCaller live, TimeSpan limit, CancellationToken lost, CancellationToken cancelled, CancellationToken caller)
    {
        (_live, _caller, _lost, _cancelled) = (live, caller, lost, cancelled);
        _source = CancellationTokenSource.CreateLinkedTokenSource([caller, lost, cancelled, live.Ended]);
        _source.CancelAfter(limit);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether the run is to be cancelled.</summary>
    public bool IsCancelled => _cancelled.IsCancellationRequested;

    /// <summary>Whether the run ends although its caller still waits; then <see cref="Why"/> is the caller's error.</summary>
    public bool HasReason => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary><c>409 session_lease_lost</c>, <c>run_cancelled</c>, what the caller lacks, or <c>504 run_timeout</c>.</summary>
    public GatewayError Why =>
        _lost.IsCancellationRequested ? GatewayError.SessionLost()
        : _cancelled.IsCancellationRequested ? GatewayError.RunCancelled()
        : _live.Failure ?? GatewayError.RunTimeout();

    public void Dispose() => _source.Dispose();
}
