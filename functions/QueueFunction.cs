using Microsoft.Azure.Functions.Worker;

namespace OpenClaw.Functions;

/// <summary>A function that takes messages of a queue.</summary>
/// <param name="Invoke">Gets the text of the message, and how often it has been delivered, this time included.</param>
public sealed record QueueFunction(
    string Name, QueueTriggerAttribute Trigger, Func<IServiceProvider, string, long, CancellationToken, Task> Invoke);
