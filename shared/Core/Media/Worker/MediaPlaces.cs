namespace OpenClaw.Media.Worker;

/// <summary>Who reads a file next. A free place goes to the caller that runs least and has used least lately. Its share is half of the
/// places. A caller whose files cost much gets no more than its share. What a file costs is known only later, so a caller may hold more;
/// then there is one place beside the others, for a caller that has none.</summary>
internal sealed class MediaPlaces(MediaWorkerOptions options, TimeProvider clock)
{
    private const double Forgotten = 0.01;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly List<Waiting> _waiting = [];
    private int _running;

    private int Share => Math.Max(1, options.Places / 2);

    /// <returns>Gives the place back; the time in between is charged to the caller.</returns>
    /// <exception cref="MediaException"><c>media_busy</c>: too many wait already, or the file waited too long.</exception>
    public async Task<IDisposable> TakeAsync(string caller, CancellationToken cancellationToken)
    {
        Waiting waiting;
        lock (_lock)
        {
            if (_waiting.Count >= options.MaxWaiting || _waiting.Count(w => w.Caller == caller) >= options.MaxWaitingOfCaller)
            {
                throw Busy();
            }

            waiting = new Waiting(caller);
            _waiting.Add(waiting);
            GiveOut();
        }

        using var late = new CancellationTokenSource(options.MaxWait, clock);
        await using var lateness = late.Token.Register(() => Leave(waiting, Busy()));
        await using var leaving = cancellationToken.Register(() => Leave(waiting, new OperationCanceledException(cancellationToken)));
        return await waiting.Turn.Task;
    }

    private static MediaException Busy() =>
        new(MediaException.Busy, "Too many files are waiting to be read; try again.") { RetryAfter = Retry };

    private void Leave(Waiting waiting, Exception why)
    {
        lock (_lock)
        {
            if (_waiting.Remove(waiting))
            {
                waiting.Turn.SetException(why);
            }
        }
    }

    private void GiveOut()
    {
        while (Candidates().MinBy(w => (AccountOf(w.Caller).Running, CostOf(AccountOf(w.Caller)))) is { } next)
        {
            _waiting.Remove(next);
            _running++;
            AccountOf(next.Caller).Running++;
            next.Turn.SetResult(new Place(this, next.Caller, clock.GetTimestamp()));
        }
    }

    private IEnumerable<Waiting> Candidates() => _running < options.Places ? _waiting.Where(MayRun)
        : _running == options.Places && _accounts.Values.Any(a => a.Running > Share) ? _waiting.Where(w => AccountOf(w.Caller).Running == 0)
        : [];

    private bool MayRun(Waiting waiting) =>
        AccountOf(waiting.Caller) is var account && (account.Running < Share || CostOf(account) < options.FreeCost.TotalSeconds);

    private Account AccountOf(string caller)
    {
        if (!_accounts.TryGetValue(caller, out var account))
        {
            _accounts[caller] = account = new Account { At = clock.GetTimestamp() };
        }

        return account;
    }

    /// <summary>Seconds, of which half are forgotten in each half-life.</summary>
    private double CostOf(Account account) => account.Cost * Math.Pow(0.5, clock.GetElapsedTime(account.At) / options.CostHalfLife);

    private void Release(string caller, TimeSpan used)
    {
        lock (_lock)
        {
            var account = AccountOf(caller);
            (account.Cost, account.At) = (CostOf(account) + used.TotalSeconds, clock.GetTimestamp());
            account.Running--;
            _running--;
            foreach (var (name, other) in _accounts.ToArray())
            {
                if (other.Running == 0 && CostOf(other) < Forgotten && _waiting.TrueForAll(w => w.Caller != name))
                {
                    _accounts.Remove(name);
                }
            }

            GiveOut();
        }
    }

    private sealed record Waiting(string Caller)
    {
        public TaskCompletionSource<IDisposable> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Account
    {
        public int Running { get; set; }

        public double Cost { get; set; }

        public long At { get; set; }
    }

    private sealed class Place(MediaPlaces places, string caller, long start) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                places.Release(caller, places.ElapsedSince(start));
            }
        }
    }

    private TimeSpan ElapsedSince(long start) => clock.GetElapsedTime(start);
}
