using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Runs;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Gateway.Channels;

/// <summary>Remembers how the channels do. What all instances are to know is stored, at most once a minute for each account; a failed
/// write is tried again with the next change.</summary>
public sealed partial class ChannelReports(
    IEnumerable<Channel> channels, GatewayStorage storage, GatewayConfigStore config, TimeProvider time, ILogger<ChannelReports> logger)
    : IChannelReports
{
    private static readonly TimeSpan StoreInterval = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _known = [.. channels.Select(c => c.Id)];
    private readonly ConcurrentDictionary<(string Channel, string Account), State> _states = new();
    private readonly ConcurrentDictionary<string, byte> _waiting = new(StringComparer.Ordinal);

    private StorageTable Table => storage.Table(ChannelReportRow.TableName);

    public void NoteInbound(ChannelAccount account) => Note(account, (state, now) => state.LastInboundAt = now);

    public void NoteWaiting(string reply, bool isWaiting)
    {
        if (isWaiting)
        {
            _waiting.TryAdd(reply, 0);
        }
        else
        {
            _waiting.TryRemove(reply, out _);
        }
    }

    public void NoteDelivered(ChannelAccount account, string reply)
    {
        NoteWaiting(reply, isWaiting: false);
        Note(account, (state, now) => (state.LastOutboundAt, state.LastError, state.IsGivenUp) = (now, null, false));
    }

    public void NoteError(ChannelAccount account, string reason) =>
        Note(account, (state, now) => (state.LastError, state.LastErrorAt) = (reason, now));

    public void CountAmbiguous(ChannelAccount account) => Interlocked.Increment(ref StateOf(account).Ambiguous);

    public void NoteGivenUp(ChannelAccount? account, string reply)
    {
        NoteWaiting(reply, isWaiting: false);
        if (account is not null)
        {
            Interlocked.Increment(ref StateOf(account).Undelivered);
            Note(account, (state, now) => (state.LastErrorAt, state.IsGivenUp) = (now, true));
        }
    }

    public async Task<IReadOnlyList<ChannelReport>> ListAsync(CancellationToken cancellationToken)
    {
        var reports = new List<ChannelReport>();
        var section = config.Current.Channels;
        foreach (var (id, channel) in section.All())
        {
            IEnumerable<KeyValuePair<string, ChannelSection>> accounts =
                channel.Accounts.Count == 0 ? [new(ChannelSection.DefaultAccount, channel)] : channel.Accounts;
            foreach (var (account, own) in accounts)
            {
                reports.Add(await DescribeAsync(id, account, own, channel.Enabled && own.Enabled, cancellationToken));
            }
        }

        // channels of the original that this gateway does not have
        reports.AddRange((section.Written?.Members ?? []).Where(m => section.Find(m.Key) is null).Select(
            m => new ChannelReport(m.Key, ChannelSection.DefaultAccount, m.Value.Find("enabled")?.Text != "false", false, false)));
        return reports;
    }

    private async Task<ChannelReport> DescribeAsync(
        string channel, string account, ChannelSection section, bool isEnabled, CancellationToken cancellationToken)
    {
        var state = _states.GetValueOrDefault((channel, account)) ?? new State();
        var row = isEnabled ? await FindAsync(channel, account, cancellationToken) : null;
        var isOurs = state.LastErrorAt >= row?.LastErrorAt || row?.LastErrorAt is null;
        var (outboundAt, errorAt) = (Later(state.LastOutboundAt, row?.LastOutboundAt), Later(state.LastErrorAt, row?.LastErrorAt));
        var isPast = outboundAt > errorAt; // another instance may have delivered since
        return new ChannelReport(
            channel, account, isEnabled, _known.Contains(channel), section.Required.All(entry => !string.IsNullOrWhiteSpace(entry.Value)))
        {
            LastInboundAt = Later(state.LastInboundAt, row?.LastInboundAt),
            LastOutboundAt = outboundAt,
            LastError = isPast ? null : isOurs ? state.LastError : row?.LastError is { Length: > 0 } error ? error : null,
            LastErrorAt = errorAt,
            IsLastGivenUp = !isPast && (isOurs ? state.IsGivenUp : row?.IsGivenUp == true),
            Waiting = _waiting.Count,
            AmbiguousDeliveries = Interlocked.Read(ref state.Ambiguous),
            Undelivered = Interlocked.Read(ref state.Undelivered),
        };
    }

    private async Task<ChannelReportRow?> FindAsync(string channel, string account, CancellationToken cancellationToken)
    {
        try
        {
            return storage.IsConfigured ? await Table.GetAsync<ChannelReportRow>(channel, account, cancellationToken) : null;
        }
        catch (StorageException)
        {
            return null; // what this instance knows is better than nothing
        }
    }

    private State StateOf(ChannelAccount account) => _states.GetOrAdd((account.Channel, account.Id), static _ => new State());

    private void Note(ChannelAccount account, Action<State, DateTimeOffset> change)
    {
        var state = StateOf(account);
        var now = time.GetUtcNow();
        lock (state)
        {
            var before = (state.LastError, state.IsGivenUp);
            change(state, now);
            if (before == (state.LastError, state.IsGivenUp) && now - state.StoredAt < StoreInterval)
            {
                return;
            }

            state.StoredAt = now;
        }

        _ = StoreAsync(account, state);
    }

    private async Task StoreAsync(ChannelAccount account, State state)
    {
        try
        {
            var row = new ChannelReportRow(account.Channel, account.Id);
            lock (state)
            {
                (row.LastInboundAt, row.LastOutboundAt) = (state.LastInboundAt, state.LastOutboundAt);
                (row.LastError, row.LastErrorAt) = (state.LastErrorAt is null ? null : state.LastError ?? "", state.LastErrorAt);
                row.IsGivenUp = state.LastErrorAt is null ? null : state.IsGivenUp;
            }

            await Table.MergeAsync(row, etag: null, CancellationToken.None);
        }
        catch (Exception failure)
        {
            LogNotStored(account.Channel, failure.Message); // any exception: nobody waits for this task
        }
    }

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;

    [LoggerMessage(Level = LogLevel.Debug, Message = "The state of {Channel} could not be stored: {Reason}")]
    private partial void LogNotStored(string channel, string reason);

    private sealed class State
    {
        public long Ambiguous;
        public long Undelivered;

        public DateTimeOffset? LastInboundAt { get; set; }

        public DateTimeOffset? LastOutboundAt { get; set; }

        public string? LastError { get; set; }

        public DateTimeOffset? LastErrorAt { get; set; }

        public bool IsGivenUp { get; set; }

        public DateTimeOffset StoredAt { get; set; }
    }
}
