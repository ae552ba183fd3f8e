using Microsoft.Extensions.Time.Testing;

namespace OpenClaw.Tests.Support;

/// <summary>A <see cref="FakeTimeProvider"/> that shows when a timer is armed. The package's own keeps that to itself, and a test that
/// advances the clock before the code under test has armed its timer would wait without end.</summary>
public sealed class WatchedTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _lock = new();
    private readonly List<WatchedTimer> _armed = [];
    private readonly List<(TimeSpan Within, TaskCompletionSource Reached)> _waiters = [];
    private readonly List<(TimeSpan Time, CountdownSource Left)> _countdowns = [];

    public WatchedTimeProvider()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>The time until the next timer fires; null when none is armed.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count == 0 ? null : _armed.Min(timer => timer.Due) - GetUtcNow();
            }
        }
    }

    /// <summary>Completes once a timer is armed that is due within this time.</summary>
    public Task WaitForTimerAsync(TimeSpan within)
    {
        lock (_lock)
        {
            if (NextDue <= within)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((within, reached));
            return reached.Task;
        }
    }

    /// <summary>Completes once so many timers of exactly this time have been armed since the call.</summary>
    public Task WaitForTimersAsync(TimeSpan time, int count)
    {
        lock (_lock)
        {
            var left = new CountdownSource(count);
            _countdowns.Add((time, left));
            return left.Reached.Task;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this);
        timer.Start(fired => base.CreateTimer(fired, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), callback);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class CountdownSource(int count)
    {
        private int _left = count;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Count() => --_left == 0 && Reached.TrySetResult();
    }

    private sealed class WatchedTimer(WatchedTimeProvider clock) : ITimer
    {
        private ITimer? _timer;
        private TimeSpan _period;
        private int _changes;

        public DateTimeOffset Due { get; private set; }

        public void Start(Func<TimerCallback, ITimer> create, TimerCallback callback) => _timer = create(state =>
        {
            Note(Interlocked.Increment(ref _changes), _period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            callback(state);
        });

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            var change = Interlocked.Increment(ref _changes);
            var changed = _timer!.Change(dueTime, period);
            Note(change, dueTime); // afterwards, so that an advance that follows reaches the timer
            return changed;
        }

        public void Dispose()
        {
            _timer!.Dispose();
            Note(Interlocked.Increment(ref _changes), Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        /// <param name="change">Outdated when the timer has fired or changed in the meantime.</param>
        private void Note(int change, TimeSpan dueTime)
        {
            lock (clock._lock)
            {
                if (change != _changes)
                {
                    return;
                }

                clock._armed.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock.GetUtcNow() + dueTime;
                    clock._armed.Add(this);
                    clock._waiters.RemoveAll(waiter => dueTime <= waiter.Within && waiter.Reached.TrySetResult());
                    clock._countdowns.RemoveAll(countdown => dueTime == countdown.Time && countdown.Left.Count());
                }
            }
        }
    }
}
