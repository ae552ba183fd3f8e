using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>When sessions are reset, and when they are gone.</summary>
public class SessionLifetimeTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("none", 100_000, false)]
    [InlineData("idle", 29, false)]
    [InlineData("idle", 31, true)]
    [InlineData("daily", 179, false)] // the clock starts at one o'clock, the hour is four
    [InlineData("daily", 181, true)]
    [Trait("Feature", "F80")]
    public async Task A_session_is_reset_by_the_clock_as_configured(string mode, int minutes, bool isReset)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var clock = OneOClock();
        await using var gateway = await StartAsync(upstream, clock, c => c.Session.Reset = new() { Mode = mode, IdleMinutes = 30 });
        await SayAsync(gateway, "before");
        clock.Advance(TimeSpan.FromMinutes(minutes));
        await SayAsync(gateway, "after");

        Assert.Equal(isReset ? ["after"] : ["before", "before", "after"], Texts(upstream.Requests[1]));
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task The_rule_of_a_channel_beats_that_of_a_type_which_beats_the_general_one()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var clock = OneOClock();
        await using var gateway = await StartAsync(upstream, clock, c => c.Session = new()
        {
            Reset = new() { Mode = "idle", IdleMinutes = 10 },
            ResetByType = new Dictionary<string, SessionResetSection> { ["group"] = new() { Mode = "none" } },
            ResetByChannel = new Dictionary<string, SessionResetSection> { ["slack"] = new() { Mode = "idle", IdleMinutes = 100 } },
        });
        string[] keys = ["agent:main:api:x", "agent:main:telegram:group:7", "agent:main:slack:channel:C1"];
        foreach (var key in keys)
        {
            await SayAsync(gateway, "before", key);
        }

        clock.Advance(TimeSpan.FromMinutes(50));
        foreach (var key in keys)
        {
            await SayAsync(gateway, "after", key);
        }

        Assert.Equal([1, 3, 3], upstream.Requests.Skip(3).Select(r => Texts(r).Count()));
    }

    [Fact]
    [Trait("Feature", "R12")]
    public async Task Expiry_is_exact_for_readers_whatever_is_still_stored()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var clock = OneOClock();
        await using var gateway = await StartAsync(upstream, clock, c => c.Session.TtlDays = 1);
        await SayAsync(gateway, "old");
        clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        using var before = await gateway.Client.GetAsync("/api/sessions/s");
        clock.Advance(TimeSpan.FromSeconds(2));
        using var after = await gateway.Client.GetAsync("/api/sessions/s");
        using var history = await gateway.Client.GetAsync("/sessions/agent%3Amain%3Aapi%3As/history");
        var list = await gateway.GetDataAsync("/api/sessions");
        var rows = await RowsAsync(gateway);
        await SayAsync(gateway, "new");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (
            before.StatusCode, after.StatusCode, history.StatusCode));
        Assert.Equal(0, list.GetProperty("total").GetInt32());
        Assert.Contains(rows, r => r.StartsWith("t~", StringComparison.Ordinal));
        Assert.Equal(["new"], Texts(upstream.Requests[1]));
    }

    [Fact]
    [Trait("Feature", "R12")]
    public async Task The_sweeper_takes_away_what_is_gone_and_nothing_else()
    {
        var clock = OneOClock();
        await using var gateway = await StartAsync(null, clock, c => c.Session.TtlDays = 1);
        var sweeper = gateway.Services.GetRequiredService<SessionSweeper>();
        await AddTurnsAsync(gateway, "s", 250);
        await SayAsync(gateway, "old", "other");
        clock.Advance(TimeSpan.FromHours(25));
        await SayAsync(gateway, "kept", "young");
        await SayAsync(gateway, "revived", "other");
        var kept = await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        var again = await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        var history = await gateway.PostDataAsync("/api/sessions/other", """{"action":"history"}""");

        Assert.True(kept > 500, $"{kept} rows");
        Assert.Equal(0, again);
        Assert.Empty(await RowsAsync(gateway));
        Assert.Equal(2, history.GetProperty("messages").GetArrayLength());
        Assert.Equal(["t~0000000002~000", "t~0000000003~000"], (await RowsAsync(gateway, "other")).Where(
            r => r.StartsWith("t~", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync("/api/sessions/young")).StatusCode);
    }

    [Fact]
    [Trait("Feature", "R12")]
    public async Task A_sweep_that_was_cut_off_is_finished_by_the_next()
    {
        var clock = OneOClock();
        await using var gateway = await StartAsync(null, clock, c => c.Session.TtlDays = 1);
        await AddTurnsAsync(gateway, "s", 250);
        clock.Advance(TimeSpan.FromHours(25));
        using var cut = new CancellationTokenSource();
        var sweeper = gateway.Services.GetRequiredService<SessionSweeper>();
        sweeper.Swept += _ => cut.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweeper.SweepAsync(cut.Token));
        var left = await RowsAsync(gateway);
        using var between = await gateway.Client.GetAsync("/api/sessions/s");
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);

        Assert.InRange(left.Count, 1, 700); // of 751
        Assert.Equal(HttpStatusCode.NotFound, between.StatusCode);
        Assert.Empty(await RowsAsync(gateway));
    }

    [Fact]
    [Trait("Feature", "R12")]
    public async Task A_sweep_leaves_an_expired_session_to_the_run_that_just_took_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var clock = OneOClock();
        await using var gateway = await StartAsync(upstream, clock, c => c.Session.TtlDays = 1);
        await SayAsync(gateway, "old");
        clock.Advance(TimeSpan.FromHours(25));
        var gate = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await gate.Task;
            await call.StreamTextAsync("new");
        });
        var running = SayAsync(gateway, "hello");
        await upstream.RequestAsync(1);
        await gateway.Services.GetRequiredService<SessionSweeper>().SweepAsync(TestContext.Current.CancellationToken);
        gate.SetResult();

        Assert.Equal("new", (await running).GetProperty("message").GetString());
        Assert.Equal(2, (await gateway.PostDataAsync("/api/sessions/s", """{"action":"history"}""")).GetProperty(
            "messages").GetArrayLength());
    }

    [Theory]
    [InlineData("/new")]
    [InlineData(" /reset ")]
    [Trait("Feature", "F80")]
    public async Task A_bare_command_begins_a_new_session_without_asking_the_model(string command)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SayAsync(gateway, "before");
        var answer = await SayAsync(gateway, command);
        await SayAsync(gateway, "after");

        Assert.Equal("A new session has begun.", answer.GetProperty("message").GetString());
        Assert.Equal(2, upstream.Requests.Count);
        Assert.DoesNotContain("before", Texts(upstream.Requests[1]));
        Assert.Equal(1, (await gateway.GetDataAsync("/api/sessions/s")).GetProperty("resets").GetInt64());
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task Text_after_a_command_is_the_first_message_in_chat_completions_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await ChatAsync("""[{"role":"user","content":"before"}]""");
        await ChatAsync("""[{"role":"user","content":"before"},{"role":"assistant","content":"before"},{"role":"user","content":"/new hello"}]""");
        await SayAsync(gateway, "/newer", "x");

        Assert.Equal(["hello"], Texts(upstream.Requests[1]));
        Assert.Equal(["/newer"], Texts(upstream.Requests[2]));

        async Task ChatAsync(string messages)
        {
            using var answer = await gateway.PostChatAsync($$"""{"model":"openclaw","user":"u","messages":{{messages}}}""");
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    [Trait("Feature", "F80")]
    [Trait("Feature", "F24")]
    public async Task A_command_needs_admin()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, configure: c => c.Gateway.Auth.Mode = "none");
        Assert.Equal(
            (HttpStatusCode.Forbidden, "FORBIDDEN"),
            await gateway.PostFailureAsync(
                "/api/chat", """{"message":"/new","sessionId":"s"}""", r => r.Headers.Add("x-openclaw-scopes", "operator.write")));
    }

    private static FakeTimeProvider OneOClock() => new(new DateTimeOffset(2030, 1, 1, 1, 0, 0, TimeSpan.Zero));

    private static Task<JsonElement> SayAsync(GatewayHost gateway, string text, string id = "s") =>
        gateway.PostDataAsync("/api/chat", $$"""{"message":"{{text}}","sessionId":"{{id}}"}""");

    private static async Task AddTurnsAsync(GatewayHost gateway, string id, int count)
    {
        var sessions = gateway.Services.GetRequiredService<SessionStore>();
        var key = new SessionKey("", "main", $"agent:main:api:{id}");
        for (var i = 0; i < count; i++)
        {
            await using var turn = await sessions.BeginNewTurnAsync(key, TimeSpan.Zero, TestContext.Current.CancellationToken);
            await turn.CommitAsync(
                new TurnCommit([new MessageItem("user", [new TextPart("q")]), new MessageItem("assistant", [new TextPart("a")])],
                    RunRow.Completed),
                TestContext.Current.CancellationToken);
        }
    }

    private static IEnumerable<string> Texts(UpstreamRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!);

    private static async Task<List<string>> RowsAsync(GatewayHost gateway, string id = "s")
    {
        var rows = new List<string>();
        var query = new TableQuery { PartitionKey = new SessionKey("", "main", $"agent:main:api:{id}").Partition };
        await foreach (var row in gateway.Services.GetRequiredService<GatewayStorage>().Table(SessionStore.TableName).QueryAsync(
            query, TestContext.Current.CancellationToken))
        {
            rows.Add(row.RowKey);
        }

        return rows;
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream? upstream, TimeProvider? clock = null, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(
            azurite.StorageAccount,
            c =>
            {
                if (upstream is not null)
                {
                    c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig(models: "m") };
                }

                configure?.Invoke(c);
            },
            s => s.AddSingleton(clock ?? TimeProvider.System));
}
