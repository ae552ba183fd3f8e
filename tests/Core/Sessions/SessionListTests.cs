using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>A page of a list of sessions is read without the rest of the list.</summary>
[Trait("Feature", "T40")]
public class SessionListTests(AzuriteFixture azurite)
{
    private const int Many = 5_200;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_takes_few_storage_reads_however_many_sessions_there_are()
    {
        using var calls = new SeenCalls(static (path, _) => path.Contains(SessionIndex.TableName, StringComparison.Ordinal));
        using var account = StorageAccount.Parse(azurite.ConnectionString, calls);
        await using var gateway = await GatewayHost.StartAsync(account);
        await FillAsync(gateway, Many);
        var first = await gateway.GetDataAsync("/api/sessions?limit=200");
        calls.Reset();

        var second = await gateway.GetDataAsync($"/api/sessions?limit=200&cursor={CursorOf(first)}");
        Assert.Equal(2, calls.Seen.Count); // pinned sessions and the others
        Assert.Equal(Enumerable.Range(0, 400).Select(i => Many - 1 - i), NumbersOf(first).Concat(NumbersOf(second)));

        calls.Reset();
        var listed = await gateway.Services.GetRequiredService<SessionIndex>().ListNewestAsync(null, Token);
        Assert.InRange(calls.Seen.Count, 1, 5);
        Assert.Equal(SessionIndex.MaxListed, listed.Count);

        calls.Reset();
        var searched = await gateway.GetDataAsync("/api/sessions?search=session-7");
        Assert.InRange(calls.Seen.Count, 1, 8);
        var found = NumbersOf(searched).ToList();
        Assert.Equal(50, found.Count);

        calls.Reset();
        var none = await gateway.GetDataAsync("/api/sessions?search=nowhere");
        Assert.InRange(calls.Seen.Count, 1, 8);
        Assert.Empty(none.GetProperty("sessions").EnumerateArray());
        var rest = await gateway.GetDataAsync($"/api/sessions?search=session-7&cursor={CursorOf(none)}");
        Assert.Equal([79, .. Enumerable.Range(70, 9).Reverse(), 7], NumbersOf(rest));
        Assert.False(rest.TryGetProperty("nextCursor", out _));
    }

    [Fact]
    public async Task Pages_hold_pinned_and_other_sessions_newest_first()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await FillAsync(gateway, 30, pinned: static i => i % 7 == 3);
        var seen = new List<int>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await gateway.GetDataAsync($"/api/sessions?limit=4&cursor={cursor}");
            seen.AddRange(NumbersOf(page));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Enumerable.Range(0, 30).Reverse(), seen);
        var listed = await gateway.Services.GetRequiredService<SessionIndex>().ListNewestAsync(null, Token);
        Assert.Equal([24, 17, 10, 3], listed.Take(4).Select(static e => NumberOf(e.Key)));
        Assert.Equal(30, listed.Count);
    }

    [Fact]
    public async Task A_session_stands_once_in_each_list_however_late_the_writes_of_its_turns_come()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var (index, key) = (gateway.Services.GetRequiredService<SessionIndex>(), new SessionKey("key:a", "main", "agent:main:api:s"));
        var states = new List<SessionHead>();
        for (var turn = 0; turn < 20; turn++)
        {
            var state = SessionHead.New(key, Start);
            for (var i = 0; i <= turn; i++)
            {
                state.Take("run", "token", resumes: false);
                state.Advance(i, Start.AddMinutes(i));
            }

            state.IsPinned = turn % 2 == 0;
            states.Add(state);
        }

        // Each instance writes its own turns; what comes last is old.
        await using var other = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Storage.Prefix = gateway.Prefix);
        var elsewhere = other.Services.GetRequiredService<SessionIndex>();
        for (var i = states.Count - 1; i >= 0; i -= 2)
        {
            index.Note(states[i]);
            elsewhere.Note(states[i - 1]);
        }

        await elsewhere.ListNewestAsync(null, Token);
        foreach (var owner in (string?[])[null, "key:a"])
        {
            var entry = Assert.Single(await index.ListNewestAsync(owner, Token));
            Assert.Equal((20L, Start.AddMinutes(19), false), (entry.Turns, entry.UpdatedAt, entry.IsPinned));
        }

        var last = states[^1];
        last.Delete(Start.AddHours(1));
        index.Note(last);
        Assert.Empty(await index.ListNewestAsync(null, Token));
        Assert.Empty(await index.ListNewestAsync("key:a", Token));
    }

    /// <summary>Sessions of the operator, one a minute; the last is the newest.</summary>
    private static async Task FillAsync(GatewayHost gateway, int count, Func<int, bool>? pinned = null)
    {
        var table = gateway.Services.GetRequiredService<GatewayStorage>().Table(SessionIndex.TableName);
        await table.UpsertAsync(new SessionStateRow(SessionStateRow.Built), Token);
        var rows = Enumerable.Range(0, count).Select(i =>
        {
            var head = SessionHead.New(new SessionKey("", "main", $"agent:main:api:session-{i}"), Start);
            head.Advance(1, Start.AddMinutes(i));
            head.IsPinned = pinned?.Invoke(i) == true;
            return Assert.Single(SessionIndexRow.Of(head, "test"));
        });
        await Parallel.ForEachAsync(rows.Chunk(100), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (some, token) =>
        {
            var batch = new TableBatch();
            Array.ForEach(some, row => batch.Upsert(row));
            await table.SubmitAsync(batch, token);
        });
    }

    private static string? CursorOf(JsonElement page) => page.GetProperty("nextCursor").GetString();

    private static IEnumerable<int> NumbersOf(JsonElement page) =>
        page.GetProperty("sessions").EnumerateArray().Select(s => NumberOf(s.GetProperty("key").GetString()!));

    private static int NumberOf(string key) => int.Parse(key[(key.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);
}
