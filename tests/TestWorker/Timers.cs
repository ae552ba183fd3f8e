using Microsoft.Azure.Functions.Worker;

namespace OpenClaw.TestWorker;

/// <summary>Signals <c>tick</c>, or <c>late-tick</c> when it makes up for a missed one.</summary>
public sealed class Tick(Signals signals)
{
    [Function(nameof(Tick))]
    public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        signals.Send(timer.IsPastDue ? "late-tick" : "tick");
        return Task.CompletedTask;
    }
}

public sealed class FailingTick
{
    [Function(nameof(FailingTick))]
    public Task RunAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("the tick failed");
}

/// <summary>Runs until it is cancelled; signals <c>hanging-tick</c> when it has begun.</summary>
public sealed class HangingTick(Signals signals)
{
    [Function(nameof(HangingTick))]
    public Task RunAsync([TimerTrigger("0 0 0 1 1 *", UseMonitor = false)] TimerInfo timer, CancellationToken cancellationToken)
    {
        signals.Send("hanging-tick");
        return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
