using Microsoft.Azure.Functions.Worker;

namespace OpenClaw.Functions;

/// <summary>One timer function.</summary>
public sealed record TimerFunction(
    string Name, TimerTriggerAttribute Trigger, Func<IServiceProvider, TimerInfo, CancellationToken, Task> Invoke);
