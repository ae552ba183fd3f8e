using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;

namespace OpenClaw.Tests.Faults.ChannelLoad;

/// <summary>
/// Two gateway processes on one storage account take events of Telegram, repeated and disordered; now and then one of them is killed and
/// started again. In each wave:
/// <code>
/// model silent ─► first event of each chat ─► all others, with kills ─► model speaks ─► replies, with kills ─► first events again
///  ─► each event is one turn, in the order of the platform, and one reply; two only where the platform cannot tell
/// </code></summary>
internal sealed class ChannelLoadRun(
    StorageAccount storage, string prefix, TelegramStandIn telegram, ScriptedUpstream upstream, Func<Task<LoadedGateway>> start, int chats = 8)
    : IAsyncDisposable
{
    public const string Secret = "the-webhook_secret";

    private const int Senders = 4;
    private const int EventsOfWave = 80; // four kills: a run is given up after five attempts
    private const int FirstChat = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly LoadReport _report = new();
    private readonly Lock _lock = new();
    private readonly LoadGateways _gateways = new(start);
    private readonly StorageTable _table = storage.Table(prefix + SessionStore.TableName);

    /// <summary>The configuration of the channel.</summary>
    public static string SectionFor(TelegramStandIn telegram) =>
        $"{{botToken: '{TelegramStandIn.Token}', webhookSecret: '{Secret}', apiRoot: '{telegram.Origin}', "
        + "dmPolicy: 'open', allowFrom: ['*']}";

    public async Task<LoadReport> RunAsync(int events, int seed, Action<int>? progress = null)
    {
        var random = new Random(seed);
        var all = new List<(long Chat, IReadOnlyList<LoadEvent> Events)>();
        while (_report.Events < events)
        {
            var wave = LoadWave.Create(
                random, 1 + _report.Events, FirstChat + all.Count, chats, Math.Min(EventsOfWave, events - _report.Events));
            await RunAsync(wave, random);
            all.AddRange(wave.Openers.Concat(wave.Rest).Distinct().GroupBy(e => e.Chat).Select(
                c => (c.Key, (IReadOnlyList<LoadEvent>)[.. c.OrderBy(e => e.Update)])));
            progress?.Invoke(_report.Events);
        }

        foreach (var (chat, own) in all)
        {
            await CheckAsync(chat, own);
        }

        (_report.Kills, _report.Ambiguous) = (_gateways.Kills, await _gateways.CountAmbiguousAsync());
        return _report;
    }

    public ValueTask DisposeAsync() => _gateways.DisposeAsync();

    private async Task RunAsync(LoadWave wave, Random random)
    {
        var speaks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Always(async call =>
        {
            await speaks.Task;
            await UpstreamDefaults.AnswerAsync(call);
        });
        await Task.WhenAll(wave.Openers.Select(e => DeliverAsync(e, (int)(e.Chat % 2))));
        var (next, killsBy) = (0, new Queue<int>(wave.KillsByDeliveries));
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            while (Take() is { } taken)
            {
                if (taken.Kills)
                {
                    await _gateways.KillAsync(sender % 2);
                }

                await DeliverAsync(taken.Event, sender % 2);
            }
        }));
        var (before, expected) = (telegram.Messages.Count, wave.Openers.Concat(wave.Rest).Distinct().Count());
        speaks.SetResult();
        foreach (var kill in wave.KillsByReplies)
        {
            await WaitAsync(() => telegram.Messages.Count >= before + kill);
            await _gateways.KillAsync(random.Next(2));
        }

        var texts = wave.Openers.Concat(wave.Rest).Select(e => e.Text).ToHashSet();
        await WaitAsync(() => telegram.Messages.Skip(before).Select(m => m.Text).Where(texts.Contains).Distinct().Count() == expected);
        await Task.WhenAll(wave.Openers.Select(e => DeliverAsync(e, (int)(e.Chat % 2))));
        (_report.Events, _report.Duplicates, _report.Reordered) =
            (_report.Events + expected, _report.Duplicates + wave.Duplicates + wave.Openers.Count, _report.Reordered + wave.Reordered);

        (LoadEvent Event, bool Kills)? Take()
        {
            lock (_lock)
            {
                var kills = killsBy.TryPeek(out var at) && at <= next && killsBy.TryDequeue(out _);
                return next == wave.Rest.Count ? null : (wave.Rest[next++], kills);
            }
        }
    }

    /// <summary>Sends an event until it is acknowledged, as the platform does.</summary>
    private async Task DeliverAsync(LoadEvent sent, int first)
    {
        var body = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["update_id"] = sent.Update,
            ["message"] = new JsonObject
            {
                ["message_id"] = sent.Update,
                ["from"] = new JsonObject { ["id"] = sent.Chat, ["is_bot"] = false, ["first_name"] = "Ada" },
                ["chat"] = new JsonObject { ["id"] = sent.Chat, ["type"] = "private" },
                ["text"] = sent.Text,
            },
        }.ToJsonString());
        var since = Stopwatch.StartNew();
        for (var which = first; since.Elapsed < Patience; which = 1 - which)
        {
            var gateway = await _gateways.FindAsync(which);
            var clock = Stopwatch.StartNew();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/webhook/telegram") { Content = new ByteArrayContent(body) };
                request.Headers.Add("X-Telegram-Bot-Api-Secret-Token", Secret);
                using var answer = await gateway.Client.SendAsync(request);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    lock (_lock)
                    {
                        _report.Acknowledgements.Add(clock.Elapsed.TotalMilliseconds);
                    }

                    return;
                }
            }
            catch (Exception failure) when (LoadGateways.IsOfKilled(failure))
            {
                // The platform repeats it.
            }

            await Task.Delay(RetryPause);
            await _gateways.ReviveAsync();
        }

        throw new TimeoutException($"Update {sent.Update} was never acknowledged.");
    }

    private async Task WaitAsync(Func<bool> condition)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await telegram.WaitAsync(condition);
                return;
            }
            catch (TimeoutException) when (since.Elapsed < Patience)
            {
                await _gateways.ReviveAsync(); // nothing was sent for a while
            }
        }
    }

    /// <summary>Once nothing waits any more: one turn for each event in their order, and one or two replies to each, in the same.</summary>
    private async Task CheckAsync(long chat, IReadOnlyList<LoadEvent> events)
    {
        var partition = new SessionKey(
            "", "main", string.Create(CultureInfo.InvariantCulture, $"agent:main:telegram:direct:{chat}")).Partition;
        var expected = events.Select(e => e.Text).ToList();
        var said = await ReadInputsAsync(partition);
        if (!said.SequenceEqual(expected))
        {
            _report.Problems.Add($"chat {chat}: turns {string.Join(", ", said)}; expected {string.Join(", ", expected)}");
        }

        var shown = telegram.Messages.Where(m => m.ChatId == chat).Select(m => m.Text).ToList();
        var once = shown.Where((text, i) => i == 0 || text != shown[i - 1]).ToList();
        var copies = shown.GroupBy(text => text).Select(g => g.Count()).ToList();
        _report.DoubledReplies += copies.Count(c => c == 2);
        if (!once.SequenceEqual(expected) || copies.Exists(c => c > 2))
        {
            _report.Problems.Add($"chat {chat}: replies {string.Join(", ", shown)}; expected {string.Join(", ", expected)}");
        }
    }

    private async Task<List<string>> ReadInputsAsync(string partition)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var (inputs, waits) = (new List<string>(), false);
            await foreach (var row in _table.QueryAsync(new TableQuery { PartitionKey = partition }, CancellationToken.None))
            {
                waits |= row.RowKey.StartsWith("in~", StringComparison.Ordinal) || OutboxRow.IsKey(row.RowKey);
                if (row.RowKey.StartsWith("t~", StringComparison.Ordinal) && JsonElement.Parse(row.GetString("Json")!) is var item
                    && item.GetProperty("role").GetString() == "user")
                {
                    inputs.Add(string.Concat(item.GetProperty("content").EnumerateArray().Select(p => p.GetProperty("text").GetString())));
                }
            }

            if (!waits || since.Elapsed > Patience)
            {
                return waits ? [.. inputs, "(something still waits)"] : inputs;
            }

            await Task.Delay(RetryPause);
        }
    }
}
