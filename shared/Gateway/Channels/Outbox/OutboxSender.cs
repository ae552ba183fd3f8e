using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Channels.Files;
using OpenClaw.Gateway.Channels.Progress;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Channels.Outbox;

/// <summary>
/// Delivers the replies of one lane of a session, in order. For each part of the first reply:
/// <code>
/// (1) a lease on the reply ─► (2) was the part begun before and not answered? ask the platform, or count it as ambiguous
///  ─► (3) "sending part n" is stored ─► (4) platform ─► (5) sent: stored, next part
///       later, failed: the part waits; after too many failures the reply is given up, and the next one follows
///       unanswered: the part waits as one that was begun; refused: the reply is given up
/// </code>
/// A death between (4) and (5) leaves a part that was begun: platforms that can tell, or that know our ids, get it once, the others at
/// most twice.</summary>
public sealed partial class OutboxSender(
    SessionOutbox outbox, ChannelList channels, OutboundFiles files, ChannelProgress progress, ChannelReports reports,
    DeliveryOptions options, GatewayConfigStore config, TimeProvider time, ILogger<OutboxSender> logger) : IReplySender
{
    public Task<IReadOnlyList<string>> ListLanesAsync(string partition, CancellationToken cancellationToken) =>
        outbox.ListLanesAsync(partition, cancellationToken);

    public async Task DrainAsync(string partition, string lane, CancellationToken cancellationToken)
    {
        while (await outbox.PeekAsync(partition, lane, cancellationToken) is { } row)
        {
            if (row.NotBefore is { } at && at - time.GetUtcNow() is var pause && pause > TimeSpan.Zero)
            {
                if (pause > options.LongestWait)
                {
                    return;
                }

                await Task.Delay(pause, time, cancellationToken);
                continue;
            }

            if (!await outbox.TryTakeAsync(row, cancellationToken)) // (1)
            {
                return; // another instance delivers
            }

            reports.NoteWaiting(row.Id, isWaiting: true);
            if (!await DeliverAsync(row, cancellationToken))
            {
                return;
            }
        }
    }

    /// <returns>False when another sender has taken the reply over.</returns>
    private async Task<bool> DeliverAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        var json = await outbox.ReadContentAsync(row, cancellationToken);
        var content = json is null ? null : JsonSerializer.Deserialize(json, ChannelsJson.Default.OutboxContent);
        if (content is null || channels.FindAccount(row.Channel, content.Account) is not var (channel, account))
        {
            await GiveUpAsync(row, null, content is null ? "its content is gone" : "the channel is switched off", cancellationToken);
            return true;
        }

        var notes = row.Notes is null ? [] : JsonSerializer.Deserialize(row.Notes, ChannelsJson.Default.DictionaryStringString) ?? [];
        var draft = row.Run is { } run && channel.DraftInterval(account, content.To) is not null
            ? await progress.EndAsync(row.Partition, run, cancellationToken) : null;
        while (row.Sent < content.Parts.Count)
        {
            var part = content.Parts[row.Sent];
            var delivery = new Delivery(account, content.To, row.Id, row.Sent, notes)
            {
                Draft = row.Sent == 0 ? draft : null,
                AskedAt = content.AskedAt,
                File = part.Media is { } media ? await files.ReadAsync(media, account, cancellationToken) : null,
            };
            if (row.Sending == row.Sent && await IsArrivedAsync(channel, part, delivery, row, cancellationToken)) // (2)
            {
                Advance(row);
                continue;
            }

            row.Sending = row.Sent;
            row.Unanswered++;
            if (!await outbox.TrySaveAsync(row, cancellationToken)) // (3)
            {
                return false;
            }

            CrashPoint.Hit("before-send");
            if (await SendAsync(channel, part, delivery, row, cancellationToken) is not { } outcome) // (4)
            {
                return false;
            }

            CrashPoint.Hit("after-send");
            row.Notes = notes.Count > 0 ? JsonSerializer.Serialize(notes, ChannelsJson.Default.DictionaryStringString) : null;
            if (outcome is not SendOutcome.Sent)
            {
                return await PostponeAsync(row, account, outcome, cancellationToken);
            }

            Advance(row);
            if (!await outbox.TrySaveAsync(row, cancellationToken)) // (5)
            {
                return false;
            }
        }

        reports.NoteDelivered(account, row.Id);
        await outbox.RemoveAsync(row, failure: null, cancellationToken);
        if (draft is not null)
        {
            await progress.ForgetAsync(row.Partition, row.Run!, cancellationToken);
        }

        return true;
    }

    /// <summary>Whether a part that was begun before has arrived, as far as that can be known, or may not be sent again.</summary>
    private async Task<bool> IsArrivedAsync(
        Channel channel, OutboundPart part, Delivery delivery, OutboxRow row, CancellationToken cancellationToken)
    {
        var arrived = await channel.FindSentAsync(part, delivery, cancellationToken);
        if (arrived == true || (arrived is null && row.Unanswered >= options.MostUnanswered))
        {
            return true;
        }

        if (arrived is null)
        {
            LogAmbiguous(row.Channel, row.Run, row.Sent);
            reports.CountAmbiguous(delivery.Account);
        }

        return false;
    }

    /// <summary>Sends a part, and keeps the lease meanwhile.</summary>
    /// <returns>Null when another sender has taken the reply over.</returns>
    private async Task<SendOutcome?> SendAsync(
        Channel channel, OutboundPart part, Delivery delivery, OutboxRow row, CancellationToken cancellationToken)
    {
        var sending = TrySendAsync(channel, part, delivery, cancellationToken);
        while (await Task.WhenAny(sending, Task.Delay(outbox.Lease / 3, time, cancellationToken)) != sending)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await outbox.TrySaveAsync(row, cancellationToken))
            {
                await sending;
                return null;
            }
        }

        return await sending;
    }

    /// <summary>A mistake in the channel must not stop the replies behind it: it counts as a failure.</summary>
    private async Task<SendOutcome> TrySendAsync(
        Channel channel, OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            return await channel.SendAsync(part, delivery, cancellationToken);
        }
        catch (SendException failure)
        {
            return failure.Outcome;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogThrew(failure, channel.Id);
            return new SendOutcome.Failed("it failed unexpectedly");
        }
    }

    private static void Advance(OutboxRow row)
    {
        row.Sent++;
        row.Sending = null;
        (row.Unanswered, row.Failures, row.NotBefore) = (0, 0, null);
    }

    /// <returns>True: the lane's first reply is to be looked at again.</returns>
    private async Task<bool> PostponeAsync(
        OutboxRow row, ChannelAccount account, SendOutcome outcome, CancellationToken cancellationToken)
    {
        var (reason, isFinal) = outcome switch
        {
            SendOutcome.Refused refused => (refused.Reason, true),
            SendOutcome.Failed failed => (failed.Reason, ++row.Failures >= options.MostFailures),
            SendOutcome.Unanswered unanswered => (unanswered.Reason, ++row.Failures >= options.MostFailures),
            _ => ("the platform asks to wait", false),
        };
        reports.NoteError(account, reason);
        if (isFinal || (outcome is not SendOutcome.Later && !config.Current.Gateway.Webhooks.RetryOnFailure))
        {
            await GiveUpAsync(row, account, reason, cancellationToken);
            return true;
        }

        if (outcome is not SendOutcome.Unanswered)
        {
            (row.Sending, row.Unanswered) = (null, row.Unanswered - 1);
        }

        var pause = outcome is SendOutcome.Later later ? later.After : options.PauseAfter(row.Failures);
        row.NotBefore = time.GetUtcNow() + pause;
        LogPostponed(row.Channel, row.Run, row.Sent, reason, pause.TotalSeconds);
        await outbox.FreeAsync(row, cancellationToken);
        return true;
    }

    private async Task GiveUpAsync(OutboxRow row, ChannelAccount? account, string reason, CancellationToken cancellationToken)
    {
        LogGivenUp(row.Channel, row.Run, row.Sent, row.Parts, reason);
        await outbox.RemoveAsync(row, reason, cancellationToken);
        reports.NoteGivenUp(account, row.Id);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending to {Channel} failed unexpectedly")]
    private partial void LogThrew(Exception failure, string channel);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Part {Part} of the reply of run {Run} may have been delivered to {Channel} before (ambiguous_delivery)")]
    private partial void LogAmbiguous(string channel, string? run, int part);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Part {Part} of the reply of run {Run} to {Channel} is tried again in {Seconds} s: {Reason}")]
    private partial void LogPostponed(string channel, string? run, int part, string reason, double seconds);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The reply of run {Run} to {Channel} is given up after {Sent} of {Parts} parts (undelivered_reply): {Reason}")]
    private partial void LogGivenUp(string channel, string? run, int sent, int parts, string reason);
}
