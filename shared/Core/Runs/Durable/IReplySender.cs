namespace OpenClaw.Runs.Durable;

/// <summary>Delivers the replies that wait in a session's outbox.</summary>
public interface IReplySender
{
    /// <summary>Delivers until none waits, or the next one has to wait for long.</summary>
    Task DrainAsync(string partition, CancellationToken cancellationToken);
}
