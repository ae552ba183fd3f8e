using OpenClaw.Errors;
using OpenClaw.Security.Limits;

namespace OpenClaw.Security.Rights;

/// <summary>The caller of something that lasts: a request until its answer is written, a connection, a run. Made by
/// <see cref="CallerRights.Watch"/>.</summary>
public sealed class LiveCaller : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly CallerRights _rights;
    private readonly RateLimiter _limiter;
    private readonly Caller _first;
    private readonly Scope _scope;
    private readonly string? _agent;
    private volatile Caller _current;
    private volatile GatewayError? _failure;

    internal LiveCaller(CallerRights rights, RateLimiter limiter, Caller caller, Scope scope, string? agent)
    {
        (_rights, _limiter, _scope, _agent) = (rights, limiter, scope, agent);
        _current = _first = caller;
        Ended = _ended.Token;
    }

    /// <summary>The caller with the rights of the last check.</summary>
    public Caller Current => _current;

    /// <summary>Why <see cref="Ended"/> fired; null before.</summary>
    public GatewayError? Failure => _failure;

    /// <summary>Fires when the rights no longer suffice.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Begins one more turn of a connection: the rights are checked, and the turn counts as a request.</summary>
    /// <exception cref="GatewayException">See <see cref="CallerRights.RequireAsync"/>; <c>429 rate_limited</c>.</exception>
    public async ValueTask<Caller> BeginTurnAsync(CancellationToken cancellationToken)
    {
        var caller = _current = await _rights.RequireAsync(_first, _scope, _agent, cancellationToken);
        return await _limiter.TakeAsync(caller, cancellationToken) is { RetryAfter: { } after }
            ? throw new GatewayException(GatewayError.RateLimited(after))
            : caller;
    }

    public void Dispose()
    {
        _rights.Forget(this);
        _ended.Dispose();
    }

    internal async Task CheckAsync()
    {
        try
        {
            _current = await _rights.RequireAsync(_first, _scope, _agent, CancellationToken.None);
        }
        catch (GatewayException failure)
        {
            await EndAsync(failure.Error);
        }
    }

    private async Task EndAsync(GatewayError failure)
    {
        _failure ??= failure;
        try
        {
            await _ended.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
    }
}
