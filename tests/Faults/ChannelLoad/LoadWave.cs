using System.Globalization;

namespace OpenClaw.Tests.Faults.ChannelLoad;

/// <summary>Some events of several new chats, and the order in which they are delivered. The same seed gives the same wave.</summary>
internal sealed class LoadWave
{
    private const double DuplicateShare = 0.3;
    private const double ReorderedShare = 0.1;
    private const double KilledShare = 0.05;

    private LoadWave(IReadOnlyList<LoadEvent> openers, IReadOnlyList<LoadEvent> rest) => (Openers, Rest) = (openers, rest);

    /// <summary>The first event of each chat. The model does not answer them before all others were delivered.</summary>
    public IReadOnlyList<LoadEvent> Openers { get; }

    /// <summary>All other deliveries, disordered and with duplicates, also of openers.</summary>
    public IReadOnlyList<LoadEvent> Rest { get; }

    /// <summary>After so many deliveries a gateway is killed.</summary>
    public required IReadOnlyList<int> KillsByDeliveries { get; init; }

    /// <summary>After so many replies a gateway is killed.</summary>
    public required IReadOnlyList<int> KillsByReplies { get; init; }

    public required int Duplicates { get; init; }

    public required int Reordered { get; init; }

    /// <param name="firstUpdate">The number of the first event; the others follow.</param>
    /// <param name="firstChat">The id of the first chat; the others follow.</param>
    public static LoadWave Create(Random random, long firstUpdate, long firstChat, int chats, int events)
    {
        var all = Enumerable.Range(0, events).Select(i => new LoadEvent(firstUpdate + i, firstChat + (i % chats))).ToList();
        var rest = all.Skip(chats).ToList();
        var reordered = 0;
        for (var i = 0; i + 1 < rest.Count; i++)
        {
            if (random.NextDouble() < ReorderedShare)
            {
                var other = random.Next(i + 1, Math.Min(i + (3 * chats), rest.Count));
                (rest[i], rest[other]) = (rest[other], rest[i]);
                reordered++;
            }
        }

        var duplicates = all.Where(_ => random.NextDouble() < DuplicateShare).ToList();
        foreach (var duplicate in duplicates)
        {
            rest.Insert(random.Next(rest.IndexOf(duplicate) + 1, rest.Count + 1), duplicate);
        }

        var kills = (int)Math.Round(events * KilledShare);
        return new LoadWave([.. all.Take(chats)], rest)
        {
            KillsByDeliveries = [.. Enumerable.Range(0, (kills + 1) / 2).Select(_ => random.Next(rest.Count)).Order()],
            KillsByReplies = [.. Enumerable.Range(0, kills / 2).Select(_ => random.Next(1, events)).Order()],
            Duplicates = duplicates.Count,
            Reordered = reordered,
        };
    }
}

/// <summary>A message of one person.</summary>
/// <param name="Update">Telegram's number, and what the message says.</param>
internal sealed record LoadEvent(long Update, long Chat)
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"message {Update}");
}
