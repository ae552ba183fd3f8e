using System.Text.Json;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>Restores accepted messages to sessions, on the instance that answers them.</summary>
public sealed class QueuedMessages(RunAdmission admission, RunLimits limits) : IQueuedRuns
{
    public const string RunKind = "message";

    public string Kind => RunKind;

    /// <inheritdoc/>
    public Task<RunRequest> RestoreAsync(QueuedRun queued, CancellationToken cancellationToken)
    {
        var message = JsonSerializer.Deserialize(queued.Request, SessionsJson.Default.QueuedMessage)
            ?? throw new InvalidOperationException("The stored message is empty.");
        return Task.FromResult(message.ToRunRequest(queued, admission, limits.Background));
    }
}
