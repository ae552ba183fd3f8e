namespace OpenClaw.Runs.Durable;

/// <summary>Delivers the replies that wait in a session's outbox.</summary>
public interface IReplySender
{
    /// <summary>The lanes in which replies wait.</summary>
    Task<IReadOnlyList<string>> ListLanesAsync(string partition, CancellationToken cancellationToken);

    /// <summary>Delivers the replies of a lane until none waits, or the next one has to wait for long.</summary>
    Task DrainAsync(string partition, string lane, CancellationToken cancellationToken);
}
