using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenClaw.Gateway.Channels.Text;
using OpenClaw.Runs;
using OpenClaw.Runs.Live;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Channels.Progress;

/// <summary>Shows people that an agent works for them: the platform's sign of typing, repeated, and the answer while it grows, by edits of
/// one message. What fails here is only a sign that is missing; the answer itself comes by the outbox.</summary>
public sealed partial class ChannelProgress(GatewayStorage storage, TimeProvider time, ILogger<ChannelProgress> logger)
{
    /// <summary>How long the delivery of an answer waits for the last edit under way.</summary>
    private static readonly TimeSpan EditTime = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Task> _shown = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _drafted = new(StringComparer.Ordinal);

    private StorageTable Table => storage.Table(SessionStore.TableName);

    /// <summary>Shows the progress of a run until it ends. Returns at once.</summary>
    public void Follow(LiveRun run, Channel channel, ChannelAccount account, ChatAddress to)
    {
        var shown = Task.Run(() => ShowAsync(run, channel, account, to));
        _shown[run.RunId] = shown;
        _ = shown.ContinueWith(
            task => _shown.TryRemove(KeyValuePair.Create(run.RunId, task)), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Whether this instance shows the growing answer of a run, or is about to.</summary>
    public bool IsShown(string run) => _drafted.ContainsKey(run);

    /// <summary>Waits until nothing more is shown of a run that has ended.</summary>
    /// <returns>The message that showed its answer; null when there is none.</returns>
    public async Task<string?> EndAsync(string partition, string run, CancellationToken cancellationToken)
    {
        if (_shown.TryGetValue(run, out var shown))
        {
            await shown.WaitAsync(EditTime, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return (await Table.GetAsync<LiveMessageRow>(partition, LiveMessageRow.Key(run), cancellationToken))?.Message;
    }

    /// <summary>The answer of a run has been delivered or given up.</summary>
    public Task ForgetAsync(string partition, string run, CancellationToken cancellationToken) =>
        Table.DeleteAsync(partition, LiveMessageRow.Key(run), etag: null, cancellationToken);

    private async Task ShowAsync(LiveRun run, Channel channel, ChannelAccount account, ChatAddress to)
    {
        using var end = new CancellationTokenSource();
        var text = new StringBuilder();
        var typing = TypeAsync(channel, account, to, end.Token);
        var drafting = DraftAsync(run, channel, account, to, text, end.Token);
        try
        {
            await foreach (var runEvent in run.ReadAsync(CancellationToken.None))
            {
                Note(text, runEvent);
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(typing, drafting);
            _drafted.TryRemove(run.RunId, out _);
        }
    }

    private static void Note(StringBuilder text, RunEvent runEvent)
    {
        lock (text)
        {
            switch (runEvent)
            {
                case RunResumed:
                    text.Clear();
                    break;
                case ItemStarted { Item: MessageItem } when text.Length > 0:
                    text.Append("\n\n");
                    break;
                case TextDelta delta:
                    text.Append(delta.Text);
                    break;
            }
        }
    }

    private async Task TypeAsync(Channel channel, ChannelAccount account, ChatAddress to, CancellationToken cancellationToken)
    {
        while (channel.TypingInterval is { } interval && !cancellationToken.IsCancellationRequested)
        {
            await TryAsync(channel, () => channel.ShowTypingAsync(account, to, cancellationToken));
            await Task.Delay(interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DraftAsync(
        LiveRun run, Channel channel, ChannelAccount account, ChatAddress to, StringBuilder text, CancellationToken cancellationToken)
    {
        string? message = null, shown = null;
        while (channel.DraftInterval(account, to) is { } interval)
        {
            await Task.Delay(interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            var now = OutboundText.Clean(TextOf(text));
            if (now.Length == 0 || now == shown)
            {
                continue;
            }

            shown = now;
            _drafted.TryAdd(run.RunId, 0);
            var isShown = await TryAsync(channel, async () =>
            {
                // Not cancelled at the run's end: a message that nobody knows of would stay.
                message ??= (await Table.GetAsync<LiveMessageRow>(
                    run.Session.Partition, LiveMessageRow.Key(run.RunId), CancellationToken.None))?.Message;
                var first = message is null;
                message = await channel.ShowDraftAsync(account, to, message, now, CancellationToken.None) ?? message;
                if (first && message is not null)
                {
                    await Table.UpsertAsync(
                        new LiveMessageRow(run.Session.Partition, run.RunId, message), CancellationToken.None);
                }
            });
            if (!isShown && message is null)
            {
                return; // it may be there all the same: another one would be one too many
            }
        }
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private async Task<bool> TryAsync(Channel channel, Func<Task> show)
    {
        try
        {
            await show();
            return true;
        }
        catch (Exception failure)
        {
            LogNotShown(channel.Id, failure.Message); // any exception: the answer does not depend on it
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The progress of a run could not be shown on {Channel}: {Failure}")]
    private partial void LogNotShown(string channel, string failure);
}
