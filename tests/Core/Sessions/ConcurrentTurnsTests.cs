using System.Globalization;
using System.Net;
using System.Text.Json;
using OpenClaw.Sessions;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>Two real processes on one storage account, and a history checker that decides.</summary>
public class ConcurrentTurnsTests(AzuriteFixture azurite)
{
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;

    [Fact]
    [Trait("Feature", "R1")]
    public async Task Turns_of_two_processes_on_five_sessions_are_dense_and_none_is_lost_or_doubled()
    {
        const int writers = 8, turns = 100, sessions = 5;
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var one = await StartAsync(prefix);
        await using var two = await StartAsync(prefix);
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var mine = new List<(int Session, string Message)>();
            for (var turn = 0; turn < turns; turn++)
            {
                var (session, message) = ((writer + turn) % sessions, string.Create(CultureInfo.InvariantCulture, $"w{writer}t{turn}"));
                using var answer = await SendAsync(turn % 2 == 0 ? one : two, $"s{session}", message);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    mine.Add((session, message));
                }
                else
                {
                    Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
                }
            }

            return mine;
        }));

        for (var session = 0; session < sessions; session++)
        {
            var expected = acknowledged.SelectMany(a => a).Where(a => a.Session == session).Select(a => a.Message);
            await CheckHistoryAsync(prefix, $"s{session}", [.. expected]);
        }
    }

    [Fact]
    [Trait("Feature", "R2")]
    public async Task A_paused_holder_cannot_write_after_another_took_the_session_over()
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        var providers = new Dictionary<string, string>
        {
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__models__providers__up"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
        };
        await using var paused = await StartAsync(prefix, providers);
        await using var other = await StartAsync(prefix, providers);
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            asked.SetResult();
            await answer.Task;
            await call.StreamTextAsync("from the paused holder");
        });

        var first = SendAsync(paused, "s", "first", "up/m");
        await asked.Task;
        paused.Signal(StopSignal);
        using var second = await SendAsync(other, "s", "second", "echo");
        answer.SetResult();
        paused.Signal(ContinueSignal);
        using var late = await first;

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal("session_lease_lost", (await late.ReadErrorAsync()).Code);
        await CheckHistoryAsync(prefix, "s", ["second"]);
    }

    private Task<GatewayProcess> StartAsync(string prefix, Dictionary<string, string>? more = null) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>(more ?? [])
        {
            ["OPENCLAW__storage__prefix"] = prefix,
            ["OPENCLAW__models__providers__echo"] = """{ api: "echo", models: [{ id: "echo" }] }""",
        });

    private static async Task<HttpResponseMessage> SendAsync(GatewayProcess gateway, string session, string message, string model = "echo")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{message}}"}]}""", System.Text.Encoding.UTF8,
                    "application/json"),
        };
        request.Headers.Add("x-openclaw-session-key", session);
        return await gateway.Client.SendAsync(request);
    }

    /// <summary>Every acknowledged message stands once, each followed by its own answer, and the sequence has no gap.</summary>
    private async Task CheckHistoryAsync(string prefix, string session, IReadOnlyCollection<string> acknowledged)
    {
        var rows = new List<StoredRow>();
        var table = azurite.StorageAccount.Table(prefix + SessionStore.TableName);
        var partition = new SessionKey("", "main", session).Partition;
        await foreach (var row in table.QueryAsync(TableQuery.WithPrefix(partition, "t~"), TestContext.Current.CancellationToken))
        {
            rows.Add(row);
        }

        Assert.Equal(Enumerable.Range(0, rows.Count).Select(i => $"t~{i:D10}~000"), rows.Select(r => r.RowKey));
        var texts = rows.Select(r => JsonDocument.Parse(r.GetString("Json")!).RootElement)
            .Select(i => (Role: i.GetProperty("role").GetString()!, Text: i.GetProperty("content")[0].GetProperty(
                "text").GetString()!)).ToList();
        for (var i = 0; i < texts.Count; i += 2)
        {
            Assert.Equal(("user", "assistant"), (texts[i].Role, texts[i + 1].Role));
            Assert.Equal(texts[i].Text, texts[i + 1].Text.Trim());
            Assert.Equal(rows[i].GetString("Run"), rows[i + 1].GetString("Run"));
        }

        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), texts.Where(t => t.Role == "user").Select(t => t.Text).Order(
            StringComparer.Ordinal));
    }
}
