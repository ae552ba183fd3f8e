using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>People who write to a channel for the first time, and those whom the operator approved. They are in one partition for each
/// channel, beside the messages to them, so that a person gets the code exactly when it is stored.</summary>
public sealed class Pairings(
    GatewayStorage storage, SessionOutbox outbox, OutboxDrafts drafts, WakeUps wakeUps, IRunDispatcher dispatcher, TimeProvider time)
{
    private const string CodeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // without those that look alike

    private const int CodeLength = 8;

    /// <summary>People who may wait at one time on a channel; others get no code until there is room.</summary>
    private const int MostWaiting = 50;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private StorageTable Table => storage.Table(SessionStore.TableName);

    /// <summary>Sends a code to a person, unless there is one already.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task AskAsync(Channel channel, ChannelAccount account, InboundMessage message, CancellationToken cancellationToken)
    {
        var partition = ApprovedSenders.PartitionOf(channel.Id);
        var key = ChannelPairingRow.Waiting + ApprovedSenders.NameOf(account.Id, message.Sender!);
        var old = await Table.GetAsync<ChannelPairingRow>(partition, key, cancellationToken);
        if (old is not null && !IsOver(old))
        {
            dispatcher.Dispatch(partition); // the instance that was to deliver the code may have died
            return;
        }

        if (old is null && (await ListAsync(channel.Id, cancellationToken)).Count >= MostWaiting)
        {
            return;
        }

        var code = RandomNumberGenerator.GetString(CodeLetters, CodeLength);
        var row = new ChannelPairingRow(partition, key)
        {
            Sender = message.Sender!,
            Account = account.Id,
            SenderName = message.SenderName is { } name ? UntrustedText.Line(name) : null,
            Code = code,
            At = time.GetUtcNow(),
            To = JsonSerializer.Serialize(message.To, ChannelsJson.Default.ChatAddress),
        };
        var text = $"Hello! I answer only people whom my owner has approved. Your {channel.Name} id is `{message.Sender}`, "
            + $"and your code is **{code}**.\n\nThe owner approves it with `openclaw pairing approve {channel.Id} {code}`.";
        void Add(TableBatch batch) => _ = old is null ? batch.Insert(row) : batch.Replace(row, old.ETag);
        await SendAsync(partition, drafts.Of(channel, account, message.To, text, time.GetUtcNow()), Add, cancellationToken);
    }

    /// <summary>Those who wait for approval.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<IReadOnlyList<WaitingSender>> ListAsync(string channel, CancellationToken cancellationToken)
    {
        var waiting = new List<WaitingSender>();
        await foreach (var row in ReadAsync(channel, cancellationToken))
        {
            waiting.Add(Describe(row));
        }

        return waiting;
    }

    /// <summary>Approves the person who has a code, and tells them.</summary>
    /// <param name="find">The account of an id; null when it is switched off: nothing is told then.</param>
    /// <exception cref="GatewayException"><c>404 pairing_request_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<WaitingSender> ApproveAsync(
        Channel channel, Func<string, ChannelAccount?> find, string code, CancellationToken cancellationToken)
    {
        var row = await FindAsync(channel.Id, code, cancellationToken);
        var partition = row.PartitionKey;
        var approved = new ChannelPairingRow(partition, ChannelPairingRow.Approved + ApprovedSenders.NameOf(row.Account, row.Sender))
        {
            Sender = row.Sender,
            Account = row.Account,
            SenderName = row.SenderName,
            At = time.GetUtcNow(),
        };
        void Add(TableBatch batch) => batch.Delete(partition, row.RowKey, row.ETag).Upsert(approved);
        if (find(row.Account) is { } account)
        {
            var to = JsonSerializer.Deserialize(row.To!, ChannelsJson.Default.ChatAddress)!;
            var draft = drafts.Of(channel, account, to, "You are approved. Write to me whenever you like.", time.GetUtcNow());
            await SendAsync(partition, draft, Add, cancellationToken);
        }
        else
        {
            var batch = new TableBatch();
            Add(batch);
            await Table.SubmitAsync(batch, cancellationToken);
        }

        return Describe(row);
    }

    /// <exception cref="GatewayException"><c>404 pairing_request_not_found</c>, <c>503 storage_unavailable</c>.</exception>
    public async Task<WaitingSender> RejectAsync(string channel, string code, CancellationToken cancellationToken)
    {
        var row = await FindAsync(channel, code, cancellationToken);
        await Table.DeleteAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
        return Describe(row);
    }

    private async Task SendAsync(string partition, OutboxDraft draft, Action<TableBatch> add, CancellationToken cancellationToken)
    {
        await wakeUps.ScheduleAsync(partition, null, cancellationToken);
        var id = time.GetUtcNow().UtcTicks.ToString("D19", CultureInfo.InvariantCulture) + "~" + RandomId.Create("")[..16];
        await outbox.TryAddAsync(partition, id, draft, add, cancellationToken);
        dispatcher.Dispatch(partition);
    }

    private async Task<ChannelPairingRow> FindAsync(string channel, string code, CancellationToken cancellationToken)
    {
        await foreach (var row in ReadAsync(channel, cancellationToken))
        {
            if (string.Equals(row.Code, code.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return row;
            }
        }

        throw new GatewayException(GatewayError.SenderNotWaiting());
    }

    /// <summary>The rows of those who wait, without those whose time is over.</summary>
    private async IAsyncEnumerable<ChannelPairingRow> ReadAsync(
        string channel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in Table.QueryAsync<ChannelPairingRow>(
            TableQuery.WithPrefix(ApprovedSenders.PartitionOf(channel), ChannelPairingRow.Waiting), cancellationToken))
        {
            if (!IsOver(row))
            {
                yield return row;
            }
        }
    }

    private bool IsOver(ChannelPairingRow row) => row.At + Lifetime <= time.GetUtcNow();

    private static WaitingSender Describe(ChannelPairingRow row) =>
        new(row.Account, row.Sender, row.SenderName, row.Code ?? "", row.At, row.At + Lifetime);
}

/// <summary>A person who waits for approval.</summary>
/// <param name="Sender">The platform's id.</param>
public sealed record WaitingSender(
    string Account, string Sender, string? Name, string Code, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt);
