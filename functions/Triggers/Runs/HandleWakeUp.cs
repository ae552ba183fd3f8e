using Microsoft.Azure.Functions.Worker;
using OpenClaw.Configuration;
using OpenClaw.Runs.Durable;

namespace OpenClaw.Functions.Triggers;

/// <summary>A wake-up from the queue: dispatches the runs that wait in one session. Ends as soon as one has begun; see
/// <see cref="WakeUps"/>.</summary>
public sealed class HandleWakeUp(WakeUps wakeUps, IRunDispatcher dispatcher)
{
    [Function(nameof(HandleWakeUp))]
    public Task RunAsync(
        [QueueTrigger("%" + WakeUps.QueueSetting + "%", Connection = EnvironmentVariables.DataStorage)] string message, long dequeueCount,
        CancellationToken cancellationToken) => wakeUps.HandleAsync(message, dequeueCount, dispatcher, cancellationToken);
}
