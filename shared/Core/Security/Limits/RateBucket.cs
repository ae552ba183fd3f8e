namespace OpenClaw.Security.Limits;

/// <summary>
/// One credential on one instance. Requests are admitted from a lease that is drawn ahead of need from the shared window; an instance
/// without one lends a few and draws behind them, so that storage is waited for only when both are used up. What is known of the shared
/// window only ever understates it until the next draw, and a full one stays full until its release: then nothing is asked.
/// </summary>
internal sealed class RateBucket(string subject, RateLimitTable table, TimeProvider time)
{
    /// <summary>Seconds storage that failed is left alone; meanwhile the instance decides for itself.</summary>
    private const int Pause = 5;

    /// <summary>Instances assumed while storage has never said how many there are.</summary>
    private const int AssumedInstances = 4;

    private readonly Lock _lock = new();
    private readonly RateWindow _own = new();
    private RateWindow _shared = new();
    private int _instances = AssumedInstances;
    private long _granted;
    private long _grantedAt;
    private long _lent;
    private int _waiting;
    private long? _pausedUntil;
    private Task? _drawing;
    private (long Remaining, long Reset) _last = (long.MaxValue, 0);

    /// <summary>Unix time, seconds, of the last request.</summary>
    public long LastUsed { get; private set; }

    public async ValueTask<RateState> TakeAsync(long limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task drawing;
            lock (_lock)
            {
                if (TryDecide(limit) is { } state)
                {
                    return state;
                }

                _waiting++;
                drawing = Draw(limit);
            }

            try
            {
                await drawing.WaitAsync(cancellationToken);
            }
            finally
            {
                lock (_lock)
                {
                    _waiting--;
                }
            }
        }
    }

    /// <summary>Tokens taken at once: few enough that what idle instances hold bounds the error, enough that a busy one draws
    /// seldom.</summary>
    private static long Block(long limit) => Math.Max(1, limit / 50);

    /// <summary>Requests admitted before storage has answered.</summary>
    private static long Credit(long limit) => Math.Max(1, limit / 100);

    /// <returns>Null when only the shared window can tell.</returns>
    private RateState? TryDecide(long limit)
    {
        var now = LastUsed = time.GetUtcNow().ToUnixTimeSeconds();
        if (!table.IsConfigured)
        {
            return _own.Sum(now) < limit ? Admit(now, limit, limit) : Refuse(now, limit, _own);
        }

        if (_pausedUntil is { } until)
        {
            if (now >= until || until - now > Pause)
            {
                Draw(limit); // in the background
            }

            var share = Math.Max(1, limit / Math.Max(1, _instances));
            if (_own.Sum(now) >= share)
            {
                return Refuse(now, limit, _own);
            }

            if (_shared.Sum(now) >= limit)
            {
                return Refuse(now, limit, _shared); // was full at the last read, and stays full until its release
            }

            _lent++;
            return Admit(now, limit, share);
        }

        if (now - _grantedAt > RateWindow.Length)
        {
            _granted = 0; // charged to a second that has left the window
        }

        var free = limit - _shared.Sum(now) - _lent;
        if (_granted > 0)
        {
            _granted--;
            if (_granted < Block(limit) / 2 + 1 && free > 0)
            {
                Draw(limit);
            }

            return Admit(now, limit, null);
        }

        if (free <= 0)
        {
            return Refuse(now, limit, _shared);
        }

        if (_lent >= Credit(limit))
        {
            return null;
        }

        _lent++;
        Draw(limit);
        return Admit(now, limit, null);
    }

    /// <param name="localLimit">Of this instance, where it decides alone.</param>
    private RateState Admit(long now, long limit, long? localLimit)
    {
        _own.Add(now, 1);
        return Describe(now, limit, localLimit, null);
    }

    private RateState Refuse(long now, long limit, RateWindow full) => Describe(
        now, limit, ReferenceEquals(full, _own) ? 0
            : null, TimeSpan.FromSeconds(Math.Max(1, (full.NextRelease(now) ?? _own.NextRelease(now) ?? now + 1) - now)));

    /// <summary>Between two resets what remains never rises, and resets never go back.</summary>
    private RateState Describe(long now, long limit, long? localLimit, TimeSpan? retryAfter)
    {
        var remaining = retryAfter is not null ? 0
            : localLimit is { } local ? local - _own.Sum(now)
            : limit - _shared.Sum(now) - _lent + _granted;
        var oldest = Math.Min(_own.NextRelease(now) ?? long.MaxValue, _shared.NextRelease(now) ?? long.MaxValue);
        var reset = oldest == long.MaxValue ? now + RateWindow.Length : oldest;
        var isLastValid = _last.Reset > now && _last.Reset <= now + RateWindow.Length + 1;
        if (isLastValid && reset <= _last.Reset)
        {
            reset = _last.Reset;
            remaining = Math.Min(remaining, _last.Remaining);
        }

        _last = (Math.Clamp(remaining, 0, limit), reset);
        return new RateState(limit, _last.Remaining, reset, retryAfter);
    }

    /// <summary>One draw at a time.</summary>
    private Task Draw(long limit) => _drawing ??= DrawAsync(limit);

    private async Task DrawAsync(long limit)
    {
        await Task.Yield(); // leaves the lock of the caller
        long spent, wanted;
        lock (_lock)
        {
            spent = Math.Min(_lent, _own.Sum(time.GetUtcNow().ToUnixTimeSeconds())); // of a long outage only the last minute counts
            _lent = spent;
            wanted = Math.Max(0, Block(limit) + _waiting - _granted);
        }

        RateLease? lease = null;
        try
        {
            lease = await table.DrawAsync(subject, limit, spent, wanted);
        }
        finally
        {
            lock (_lock)
            {
                var now = time.GetUtcNow().ToUnixTimeSeconds();
                if (lease is null)
                {
                    _pausedUntil = now + Pause;
                }
                else
                {
                    _pausedUntil = null;
                    (_shared, _instances, _lent) = (lease.Window, lease.Instances, _lent - spent);
                    _granted += lease.Granted;
                    var paid = Math.Min(_lent, _granted); // what was lent while the draw was under way comes out of it
                    (_granted, _lent) = (_granted - paid, _lent - paid);
                    _grantedAt = lease.Granted > 0 ? now : _grantedAt;
                }

                _drawing = null;
            }
        }
    }
}
