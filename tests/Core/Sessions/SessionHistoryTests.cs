using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Text;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

public class SessionHistoryTests(AzuriteFixture azurite)
{
    private const string Path = "/sessions/agent%3Amain%3Aapi%3As/history";

    [Fact]
    [Trait("Feature", "F80")]
    public async Task A_page_is_the_newest_entries_in_order_and_its_cursor_leads_back()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await SayAsync(gateway, "one");
        await SayAsync(gateway, "two");
        var page = await (await gateway.Client.GetAsync(Path + "?limit=3")).ReadJsonAsync();
        var before = await (await gateway.Client.GetAsync(
            $"{Path}?limit=3&cursor={page.GetProperty("nextCursor").GetString()}")).ReadJsonAsync();

        Assert.Equal(["one", "two", "two"], Contents(page));
        Assert.Equal(["one"], Contents(before));
        Assert.Equal("agent:main:api:s", page.GetProperty("sessionKey").GetString());
        Assert.False(before.GetProperty("hasMore").GetBoolean());
    }

    [Theory]
    [InlineData("/sessions/agent%3Amain%3Aapi%3Anone/history", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/sessions/agent%3Anobody%3Ax/history", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/sessions/cron%3Ax/history", HttpStatusCode.BadRequest, "invalid_session_key")]
    [InlineData(Path + "?limit=1001", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData(Path + "?cursor=x", HttpStatusCode.BadRequest, "invalid_value")]
    [Trait("Feature", "F80")]
    [Trait("Feature", "D11")]
    public async Task Its_errors_have_the_shape_of_openai(string path, HttpStatusCode status, string code)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        await SayAsync(gateway, "one");
        using var answer = await gateway.Client.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await answer.ReadErrorAsync()).Code);
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task Live_history_shows_what_is_there_then_what_comes_and_ends_with_the_session()
    {
        var clock = new WatchedTimeProvider();
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount, services: s => s.AddSingleton<TimeProvider>(clock));
        await SayAsync(gateway, "one");
        var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Add("Accept", "text/event-stream");
        using var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        List<string?> first = [await NextAsync(reader, clock), await NextAsync(reader, clock)];
        await SayAsync(gateway, "two");
        List<string?> second = [await NextAsync(reader, clock), await NextAsync(reader, clock)];
        await gateway.PostDataAsync("/api/sessions/s", """{"action":"reset"}""");
        var reset = await NextAsync(reader, clock);
        using var deleted = await gateway.Client.DeleteAsync("/api/sessions/s");

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["user one", "assistant one"], first);
        Assert.Equal(["user two", "assistant two"], second);
        Assert.Equal("system ", reset);
        Assert.Null(await NextAsync(reader, clock));
    }

    [Fact]
    [Trait("Feature", "R10")]
    public async Task The_last_turns_of_a_very_long_session_take_at_most_three_storage_calls()
    {
        // Requests for sessions and transcripts, not for the list of sessions or the rate limit: those follow later.
        using var calls = new SeenCalls(static (path, body) => path.Contains("sessions", StringComparison.Ordinal)
            || path.Contains("transcripts", StringComparison.Ordinal)
            || (path.EndsWith("$batch", StringComparison.Ordinal) && !body.Contains(SessionIndex.TableName, StringComparison.Ordinal)));
        using var account = StorageAccount.Parse(azurite.ConnectionString, calls);
        // The clock stands still: a turn that takes a second to begin would already look for a request to stop.
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayHost.StartAsync(account, services: s => s.AddSingleton<TimeProvider>(clock));
        var sessions = gateway.Services.GetRequiredService<SessionStore>();
        var key = new SessionKey("", "main", "agent:main:api:s");
        await WriteTurnsAsync(gateway, key, 10_000);
        var large = string.Concat(Enumerable.Repeat("😀ä", 1_000_000)); // 5 MB and more as UTF-8, surrogates at every border
        string[] texts = [large, Emoji(29_999), Emoji(30_000), Emoji(30_001), Emoji(35_000)];
        foreach (var text in texts)
        {
            await using var turn = await sessions.BeginNewTurnAsync(key, TimeSpan.Zero, TestContext.Current.CancellationToken);
            await turn.CommitAsync(new TurnCommit([User(text), Assistant("ok")], RunRow.Completed), TestContext.Current.CancellationToken);
        }

        calls.Reset();
        using var answer = await gateway.Client.GetAsync(Path + "?limit=100");
        var (reading, page) = (calls.Seen, await answer.ReadJsonAsync());
        calls.Reset();
        await using var last = await sessions.BeginNewTurnAsync(key, TimeSpan.Zero, TestContext.Current.CancellationToken);
        var (beginning, contents) = (calls.Seen, Contents(page).ToList());

        Assert.True(reading.Count is 2 or 3, string.Join(", ", reading));
        Assert.Equal(100, contents.Count);
        Assert.Equal("q9955", contents[0]);
        Assert.Equal(texts, contents.Where((_, i) => i >= 90 && i % 2 == 0));
        // head, lease, history and its blob; beside the history, events that wait
        Assert.True(beginning.Count is >= 1 and <= 5, string.Join(", ", beginning));
        Assert.Equal(texts, last.History.TakeLast(10).OfType<MessageItem>().Where(m => m.Role == "user").Select(
            m => ((TextPart)m.Content[0]).Text));
    }

    /// <summary>Exactly so many UTF-16 units, two by two, with one letter ahead where the number is odd.</summary>
    private static string Emoji(int units) => (units % 2 == 0 ? "" : "x") + string.Concat(Enumerable.Repeat("😀", units / 2));

    private static async Task WriteTurnsAsync(GatewayHost gateway, SessionKey key, int count)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var table = gateway.Services.GetRequiredService<GatewayStorage>().Table(SessionStore.TableName);
        var transcript = gateway.Services.GetRequiredService<Transcript>();
        for (var at = 0; at < count; at += 50)
        {
            var items = Enumerable.Range(at, 50).SelectMany(i => new ConversationItem[] { User($"q{i}"), Assistant($"a{i}") }).ToList();
            var batch = new TableBatch();
            foreach (var half in (int[])[0, 50])
            {
                (await transcript.PrepareAsync(
                    key.Partition, (at * 2) + half, "run_test", items.GetRange(half, 50), cancellation)).Rows.ForEach(
                    row => batch.Insert(row));
            }

            await table.SubmitAsync(batch, cancellation);
        }

        var head = SessionHead.New(key, TimeProvider.System.GetUtcNow());
        for (var turn = 0; turn < count; turn++)
        {
            head.Advance((turn + 1) * 2L, TimeProvider.System.GetUtcNow());
        }

        await table.InsertAsync(head, cancellation);
    }

    private static MessageItem User(string text) => new("user", [new TextPart(text)]) { Id = RandomId.Message() };

    private static MessageItem Assistant(string text) => new("assistant", [new TextPart(text)]) { Id = RandomId.Message() };

    /// <summary>Role and text of the next event, the clock moved on until it comes; null at the end.</summary>
    private static async Task<string?> NextAsync(StreamReader reader, WatchedTimeProvider clock)
    {
        var next = ReadAsync();
        while (!next.IsCompleted)
        {
            await Task.WhenAny(next, clock.WaitForTimerAsync(TimeSpan.FromSeconds(1)));
            clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        return await next;

        async Task<string?> ReadAsync()
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    var data = JsonElement.Parse(line["data: ".Length..]);
                    return $"{data.GetProperty("role").GetString()} {data.GetProperty("content").GetString()}";
                }
            }

            return null;
        }
    }

    private static IEnumerable<string> Contents(JsonElement page) =>
        page.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!);

    private static Task<JsonElement> SayAsync(GatewayHost gateway, string text) =>
        gateway.PostDataAsync("/api/chat", $$"""{"message":"{{text}}","sessionId":"s"}""");
}
