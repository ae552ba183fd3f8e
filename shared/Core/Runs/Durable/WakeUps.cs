using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Durable;

/// <summary>
/// The queue of wake-ups. They make sure that an accepted run is executed even when the instance that accepted it dies. The worker gets
/// them from the Functions host's queue trigger, the self-host polls the same queue. As long as a run waits there is a message for it:
/// <code>
/// accept: send (visible once the run should have begun) ─► inbox row
/// handle: (1) no run or reply waits ──────────────────────────► done, the message is deleted
///         (2) first delivery ─► send a successor, because this message may be held for minutes by a host that dies
///         (3) a run holds the session ────────────────► done, the successor looks again
///         (4) dispatch, wait until the run has begun, or waits for room in memory ─► done
///         (5) a failure ─► delivered again; after <see cref="MaxDeliveries"/> the run is marked failed and
///                          the message goes to the poison queue
/// </code>
/// "Done" always deletes the message, so no message is held while a run executes. If the run's instance dies later, the successor brings
/// another one. A message that is delivered again sends its successor after (4), because its first delivery may have failed before (2).
/// </summary>
public sealed partial class WakeUps(
    GatewayStorage storage, SessionInbox inbox, SessionOutbox outbox, SessionStore sessions, QueuedFronts fronts,
    GatewayConfigStore config, TimeProvider time, ILogger<WakeUps> logger)
{
    public const string QueueName = "wakeups";

    /// <summary>The app setting from which the Functions host takes the queue's full name; it cannot read <c>storage.prefix</c>.</summary>
    public const string QueueSetting = EnvironmentVariables.WakeUpQueue;

    /// <summary>What the Functions host appends to a queue's name for messages that it gave up.</summary>
    public const string PoisonSuffix = "-poison";

    /// <summary><c>maxDequeueCount</c> in host.json.</summary>
    public const int MaxDeliveries = 5;

    /// <summary><c>visibilityTimeout</c> in host.json: how long a message that failed is hidden.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary><c>maxPollingInterval</c> in host.json.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private const int BatchSize = 16;

    /// <summary>How long a dispatched run has to take its session's lease: a call to the gateway itself may start an instance.</summary>
    private static readonly TimeSpan BeginLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(25);

    private static readonly ActivitySource Source = new("OpenClaw.Runs");

    private TimeSpan Delay => TimeSpan.FromSeconds(config.Current.Storage.LeaseSeconds);

    private StorageQueue Queue => storage.Queue(QueueName);

    private StorageQueue Poison => storage.Queue(QueueName + PoisonSuffix);

    /// <summary>The queue's full name with a <c>storage.prefix</c>.</summary>
    public static string QueueNameOf(string prefix) => $"{prefix}-{QueueName}";

    /// <summary>Sends a wake-up that becomes visible once the run should have begun. It is sent before the run is accepted, so that
    /// another instance recovers the run if this one dies.</summary>
    /// <exception cref="StorageException">Nothing must be accepted then.</exception>
    public Task ScheduleAsync(string partition, string? runId, CancellationToken cancellationToken) =>
        SendAsync(WakeUp.For(partition, runId), cancellationToken);

    /// <summary>How many messages were given up; they stay until an operator deletes them.</summary>
    public async Task<long> CountPoisonAsync(CancellationToken cancellationToken) =>
        storage.IsConfigured ? await Poison.CountAsync(cancellationToken) : 0;

    /// <summary>Handles every message that is due.</summary>
    /// <returns>How many runs were dispatched.</returns>
    public async Task<int> SweepAsync(IRunDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var dispatched = 0;
        if (!storage.IsConfigured)
        {
            return 0;
        }

        IReadOnlyList<QueueMessage> messages;
        do
        {
            messages = await Queue.ReceiveAsync(BatchSize, BeginLimit + Delay, cancellationToken);
            dispatched += (await Task.WhenAll(messages.Select(message => ConsumeAsync(message, dispatcher, cancellationToken)))).Count(
                static d => d);
        }
        while (messages.Count == BatchSize);
        return dispatched;
    }

    /// <summary>Handles one message; see the picture above. The caller deletes it, or has it delivered again when this fails.</summary>
    /// <param name="text">See <see cref="WakeUp"/>.</param>
    /// <param name="dequeueCount">How many times it has been delivered, this time included.</param>
    /// <returns>Whether a run was dispatched.</returns>
    /// <exception cref="FormatException">Not a wake-up.</exception>
    /// <exception cref="TimeoutException">The run did not begin.</exception>
    /// <exception cref="StorageException">Storage failed; after the last delivery a successor has taken this message's place
    /// instead.</exception>
    public async Task<bool> HandleAsync(string text, long dequeueCount, IRunDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var wakeUp = WakeUp.Parse(text);
        using var activity = Source.StartActivity("wake-up", ActivityKind.Consumer, wakeUp.TraceParent);
        try
        {
            return await WakeAsync(wakeUp, dequeueCount, dispatcher, cancellationToken);
        }
        catch (StorageException failure) when (dequeueCount >= MaxDeliveries)
        {
            LogPostponed(failure.Message, wakeUp.Partition);
            await SendAsync(wakeUp, cancellationToken); // the message may succeed later
            return false;
        }
        catch (Exception failure) when (dequeueCount >= MaxDeliveries && failure is not OperationCanceledException)
        {
            LogGivenUp(failure, wakeUp.RunId, wakeUp.Partition, dequeueCount);
            await FailAsync(wakeUp, cancellationToken);
            throw;
        }
    }

    private async Task<bool> WakeAsync(WakeUp wakeUp, long dequeueCount, IRunDispatcher dispatcher, CancellationToken cancellationToken)
    {
        if (!await inbox.HasRequestsAsync(wakeUp.Partition, cancellationToken)
            && !await outbox.HasRepliesAsync(wakeUp.Partition, cancellationToken))
        {
            return false; // (1)
        }

        if (dequeueCount == 1)
        {
            await SendAsync(wakeUp, cancellationToken); // (2)
        }

        var isHeld = await sessions.FindHolderAsync(wakeUp.Partition, cancellationToken) is not null; // (3)
        if (!isHeld)
        {
            LogWoken(wakeUp.Partition);
            dispatcher.Dispatch(wakeUp.Partition);
            await WaitForBeginAsync(wakeUp.Partition, cancellationToken); // (4)
        }

        if (dequeueCount > 1)
        {
            await SendAsync(wakeUp, cancellationToken); // the first delivery may have failed before (2)
        }

        return !isHeld;
    }

    /// <exception cref="TimeoutException">The run did not begin within <see cref="BeginLimit"/>.</exception>
    private async Task WaitForBeginAsync(string partition, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + BeginLimit;
        for (var pause = FirstLook; await IsWaitingAsync(partition, cancellationToken); pause = pause * 2 < PollInterval ? pause * 2
            : PollInterval)
        {
            if (time.GetUtcNow() >= deadline && await inbox.WaitsForRoomAsync(partition, cancellationToken))
            {
                return;
            }

            if (time.GetUtcNow() >= deadline)
            {
                throw new TimeoutException($"The run that waits in session {partition} did not begin within {BeginLimit.TotalSeconds} s.");
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<bool> IsWaitingAsync(string partition, CancellationToken cancellationToken) =>
        await sessions.FindHolderAsync(partition, cancellationToken) is null && await inbox.HasRequestsAsync(partition, cancellationToken);

    /// <summary>Handles a message that was received here, then deletes it or has it delivered again, as the Functions host does.</summary>
    private async Task<bool> ConsumeAsync(QueueMessage message, IRunDispatcher dispatcher, CancellationToken cancellationToken)
    {
        try
        {
            var dispatched = await HandleAsync(message.Text, message.DequeueCount, dispatcher, cancellationToken);
            await Queue.DeleteAsync(message.Id, message.PopReceipt, cancellationToken);
            return dispatched;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailed(failure.Message, message.Id, message.DequeueCount);
            await RepeatAsync(message, cancellationToken);
            return false;
        }
    }

    private async Task RepeatAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (message.DequeueCount < MaxDeliveries)
            {
                await Queue.UpdateAsync(message.Id, message.PopReceipt, null, RetryDelay, cancellationToken);
                return;
            }

            await Poison.SendAsync(message.Text, null, Timeout.InfiniteTimeSpan, cancellationToken);
            await Queue.DeleteAsync(message.Id, message.PopReceipt, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // It becomes visible again when its visibility timeout ends; the other messages of the batch go on.
        }
    }

    private async Task FailAsync(WakeUp wakeUp, CancellationToken cancellationToken)
    {
        try
        {
            if (wakeUp.RunId is { } runId && await sessions.FindHolderAsync(wakeUp.Partition, cancellationToken) is null)
            {
                var end = JsonSerializer.Serialize<RunEvent>(
                    new RunFailed(RunUsage.None, GatewayError.RunAbandoned()), RunJson.Default.RunEvent);
                await inbox.EndAsync(
                    wakeUp.Partition, runId, RunRow.Failed, end, cancellationToken,
                    queued => fronts.ReplyTo(queued, GatewayError.RunAbandoned()));
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotMarked(failure, wakeUp.RunId);
        }
    }

    private async Task SendAsync(WakeUp wakeUp, CancellationToken cancellationToken) =>
        await Queue.SendAsync(wakeUp.ToString(), Delay, Timeout.InfiniteTimeSpan, cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waking session {Partition}: runs wait there")]
    private partial void LogWoken(string partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wake-up {MessageId} failed at delivery {Delivery}: {Reason}")]
    private partial void LogFailed(string reason, string messageId, long delivery);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wake-up of session {Partition} is postponed, because storage fails: {Reason}")]
    private partial void LogPostponed(string reason, string partition);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Run {RunId} in session {Partition} is given up: its wake-up failed {Deliveries} times and goes to the poison queue")]
    private partial void LogGivenUp(Exception failure, string? runId, string partition, long deliveries);

    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} could not be marked failed")]
    private partial void LogNotMarked(Exception failure, string? runId);
}
