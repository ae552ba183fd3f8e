using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Sessions;
using OpenClaw.Storage;

namespace OpenClaw.Runs;

/// <summary>Queue messages that say which session may hold waiting runs. They carry no content, and one with nothing behind it
/// is simply dropped; one stays until the session's inbox is empty, so that no accepted run is ever stranded.</summary>
public sealed partial class WakeUps(
    GatewayStorage storage, SessionInbox inbox, SessionStore sessions, GatewayConfigStore config, ILogger<WakeUps> logger)
{
    public const string QueueName = "wakeups";

    private const int BatchSize = 32;

    private TimeSpan Delay => TimeSpan.FromSeconds(config.Current.Storage.LeaseSeconds);

    private StorageQueue Queue => storage.Queue(QueueName);

    /// <summary>Leaves a message that is seen once the run should long be under way. Before the run is accepted: whatever dies
    /// afterwards, somebody comes by.</summary>
    /// <exception cref="StorageException">Nothing must be accepted then.</exception>
    public async Task ScheduleAsync(string partition, CancellationToken cancellationToken) =>
        await Queue.SendAsync(partition, Delay, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Has everything carried out that is due and that nobody works on.</summary>
    /// <returns>How many sessions were woken.</returns>
    public async Task<int> SweepAsync(IRunDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var woken = 0;
        if (!storage.IsConfigured)
        {
            return 0;
        }

        IReadOnlyList<QueueMessage> messages;
        do
        {
            messages = await Queue.ReceiveAsync(BatchSize, Delay, cancellationToken);
            foreach (var message in messages)
            {
                woken += await WakeAsync(message, dispatcher, cancellationToken) ? 1 : 0;
            }
        }
        while (messages.Count == BatchSize);
        return woken;
    }

    /// <summary>A message that was received stays hidden for a while and comes back, as long as something waits.</summary>
    private async Task<bool> WakeAsync(QueueMessage message, IRunDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var partition = message.Text;
        try
        {
            if (!await inbox.HasRequestsAsync(partition, cancellationToken))
            {
                await Queue.DeleteAsync(message.Id, message.PopReceipt, cancellationToken);
                return false;
            }

            if (await sessions.FindHolderAsync(partition, cancellationToken) is not null)
            {
                return false;
            }
        }
        catch (StorageException failure) when (failure.Status is 400 or 404)
        {
            LogOdd(failure, message.Id); // no partition at all, or somebody else's receipt by now
            return false;
        }

        LogWoken(partition);
        dispatcher.Dispatch(partition);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Waking session {Partition}: runs wait there")]
    private partial void LogWoken(string partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wake-up {MessageId} could not be handled")]
    private partial void LogOdd(StorageException failure, string messageId);
}
