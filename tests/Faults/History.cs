using System.Text.Json;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>What is stored of one session, and the rules it must keep whatever happened on the way.</summary>
internal sealed class History
{
    private readonly List<(long Seq, string Run, string Role, string Text)> _items = [];

    private History()
    {
    }

    /// <summary>What users said, in order.</summary>
    public IReadOnlyList<string> Inputs => [.. _items.Where(i => i.Role == "user").Select(i => i.Text)];

    public IReadOnlyList<string> Answers => [.. _items.Where(i => i.Role == "assistant").Select(i => i.Text)];

    /// <summary>Reads the transcript and checks that it is dense, that each turn is whole and of one run, and that no run has
    /// two.</summary>
    /// <param name="blobs">Where large items are.</param>
    public static async Task<History> ReadAsync(StorageTable table, string partition, BlobContainer? blobs = null)
    {
        var history = new History();
        await foreach (var row in table.QueryAsync(TableQuery.WithPrefix(partition, "t~"), CancellationToken.None))
        {
            var item = row.GetString("Blob") is { } blob
                ? JsonElement.Parse((await blobs!.DownloadAsync(blob, CancellationToken.None))!)[0]
                : JsonElement.Parse(row.GetString("Json")!);
            history._items.Add((
                long.Parse(row.RowKey.Split('~')[1], System.Globalization.CultureInfo.InvariantCulture),
                row.GetString("Run")!, item.GetProperty("role").GetString()!,
                string.Concat(item.GetProperty("content").EnumerateArray().Select(p => p.GetProperty("text").GetString()))));
        }

        Assert.Equal(Enumerable.Range(0, history._items.Count).Select(i => (long)i), history._items.Select(i => i.Seq));
        foreach (var run in history._items.GroupBy(i => i.Run))
        {
            Assert.Equal(1, run.Count(i => i.Role == "user"));
            Assert.InRange(run.Count(i => i.Role == "assistant"), 0, 1);
            Assert.Equal(run.First().Seq + run.Count() - 1, run.Last().Seq); // nothing of another run in between
            Assert.Equal("user", run.First().Role);
        }

        return history;
    }

    /// <summary>Every accepted input stands exactly once, and nothing else does.</summary>
    public void HoldsExactly(IEnumerable<string> accepted) =>
        Assert.Equal(accepted.Order(StringComparer.Ordinal), Inputs.Order(StringComparer.Ordinal));

    /// <summary>Every acknowledged input stands exactly once; one that ended in an error may stand, once.</summary>
    public void HoldsAll(IEnumerable<string> acknowledged, IEnumerable<string> uncertain)
    {
        Assert.Equal(Inputs.Distinct(StringComparer.Ordinal), Inputs); // doubled
        Assert.Empty(acknowledged.Except(Inputs, StringComparer.Ordinal)); // lost
        Assert.Empty(Inputs.Except(acknowledged, StringComparer.Ordinal).Except(uncertain, StringComparer.Ordinal)); // never asked for
    }

    /// <summary>The partition of a session of the operator's.</summary>
    public static string PartitionOf(string key, string agent = "main") => new SessionKey("", agent, key).Partition;
}
