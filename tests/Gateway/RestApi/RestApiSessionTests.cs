using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Sessions;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

public partial class RestApiSessionTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F80")]
    [Trait("Feature", "D29")]
    public async Task An_unknown_action_is_400_and_names_those_there_are()
    {
        await using var gateway = await StartAsync();
        await SayAsync(gateway, "hi", "s");
        using var answer = await gateway.PostAsync("/api/sessions/s", """{"action":"dance"}""");

        Assert.Equal((HttpStatusCode.BadRequest, "UNKNOWN_ACTION"), await answer.ReadFailureAsync());
        Assert.Contains("get, history, patch, reset, compact, delete", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "SESSION_NOT_FOUND"), await gateway.PostFailureAsync(
            "/api/sessions/none", """{"action":"reset"}"""));
    }

    [Fact]
    [Trait("Feature", "F80")]
    [Trait("Feature", "D29")]
    public async Task History_goes_through_a_session_from_either_end()
    {
        await using var gateway = await StartAsync();
        await SayAsync(gateway, "one", "s");
        await SayAsync(gateway, "two", "s");
        await SayAsync(gateway, "three", "s");
        var newest = await gateway.PostDataAsync("/api/sessions/s", """{"action":"history","limit":4}""");
        var rest = await gateway.PostDataAsync(
            "/api/sessions/s", $$"""{"action":"history","limit":4,"cursor":"{{newest.GetProperty("nextCursor").GetString()}}"}""");
        var oldest = await gateway.PostDataAsync("/api/sessions/s", """{"action":"history","limit":3,"order":"asc"}""");

        Assert.Equal(["three", "three", "two", "two"], Contents(newest));
        Assert.Equal(["one", "one"], Contents(rest));
        Assert.Equal((true, false), (newest.GetProperty("hasMore").GetBoolean(), rest.GetProperty("hasMore").GetBoolean()));
        Assert.Equal(["one", "one", "two"], Contents(oldest));
        Assert.Equal(["user", "assistant", "user"], oldest.GetProperty("messages").EnumerateArray().Select(
            m => m.GetProperty("role").GetString()));
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("compact")]
    [InlineData("delete")]
    [InlineData("patch")]
    [Trait("Feature", "D29")]
    public async Task An_action_that_changes_a_session_waits_for_the_run_that_holds_it_and_then_gives_up(string action)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var clock = new WatchedTimeProvider();
        await using var gateway = await StartAsync(upstream, clock: clock, configure: c => c.Storage.LeaseSeconds = 60);
        await SayAsync(gateway, "hi", "s");
        var gate = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await gate.Task;
            await call.StreamTextAsync("late");
        });
        var running = gateway.PostDataAsync("/api/chat", """{"message":"slow","sessionId":"s"}""");
        await upstream.RequestAsync(1);
        var isWaiting = clock.WaitForTimersAsync(TimeSpan.FromSeconds(30), 2); // for the request's body, then for the session
        var waiting = gateway.PostFailureAsync("/api/sessions/s", $$"""{"action":"{{action}}","title":"t"}""");
        await isWaiting;
        while (!waiting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal((HttpStatusCode.Conflict, "SESSION_BUSY"), await waiting);
        gate.SetResult();
        Assert.Equal("late", (await running).GetProperty("message").GetString());
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task A_reset_shows_the_model_nothing_of_before_and_keeps_the_transcript()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SayAsync(gateway, "before", "s");
        var reset = await gateway.PostDataAsync("/api/sessions/s", """{"action":"reset"}""");
        await SayAsync(gateway, "after", "s");
        var history = await gateway.PostDataAsync("/api/sessions/s", """{"action":"history"}""");

        Assert.Equal((0, 1), (reset.GetProperty("messages").GetInt64(), reset.GetProperty("resets").GetInt64()));
        Assert.Equal(["after"], Texts(upstream.Requests[1]));
        Assert.Equal(["after", "after"], Contents(history));
        Assert.DoesNotContain("before", await gateway.Client.GetStringAsync("/api/sessions/s/export"), StringComparison.Ordinal);
        Assert.Contains("before", await gateway.Client.GetStringAsync("/api/sessions/s/export?archived=true"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task A_patch_sets_title_labels_model_and_thinking_and_null_takes_them_away()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SayAsync(gateway, "hi", "s");
        await gateway.PostDataAsync(
            "/api/sessions/s", """{"action":"patch","title":"T","labels":["a","b"],"model":"mock/other","thinking":"high"}""");
        await SayAsync(gateway, "again", "s");
        var set = await gateway.GetDataAsync("/api/sessions/s");
        await gateway.PostDataAsync("/api/sessions/s", """{"action":"patch","title":null,"model":null}""");
        var cleared = await gateway.GetDataAsync("/api/sessions/s");

        Assert.Equal("other", upstream.Requests[1].Body.GetProperty("model").GetString());
        Assert.Equal("high", upstream.Requests[1].Body.GetProperty("reasoning_effort").GetString());
        Assert.Equal(("T", "mock/other", 2), (
            set.GetProperty("title").GetString(), set.GetProperty("model").GetString(), set.GetProperty("labels").GetArrayLength()));
        Assert.False(cleared.TryGetProperty("title", out _) || cleared.TryGetProperty("model", out _));
        Assert.Equal("high", cleared.GetProperty("thinking").GetString());
        Assert.Equal((HttpStatusCode.NotFound, "MODEL_NOT_FOUND"), await gateway.PostFailureAsync(
            "/api/sessions/s", """{"action":"patch","model":"no/no"}"""));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_TYPE"), await gateway.PostFailureAsync(
            "/api/sessions/s", """{"action":"patch","labels":"x"}"""));
    }

    [Theory]
    [InlineData("""{"action":"get"}""", "operator.read", HttpStatusCode.OK)]
    [InlineData("""{"action":"patch","title":"x"}""", "operator.read", HttpStatusCode.Forbidden)]
    [InlineData("""{"action":"patch","title":"x"}""", "operator.write", HttpStatusCode.OK)]
    [InlineData("""{"action":"patch","thinking":"low"}""", "operator.write", HttpStatusCode.Forbidden)]
    [InlineData("""{"action":"reset"}""", "operator.write", HttpStatusCode.Forbidden)]
    [InlineData("""{"action":"compact"}""", "operator.write", HttpStatusCode.Forbidden)]
    [InlineData("""{"action":"delete"}""", "operator.write", HttpStatusCode.Forbidden)]
    [InlineData("""{"action":"reset"}""", "operator.admin", HttpStatusCode.OK)]
    [Trait("Feature", "F80")]
    [Trait("Feature", "F24")]
    public async Task Every_action_needs_its_scope(string json, string scope, HttpStatusCode expected)
    {
        await using var gateway = await StartAsync(configure: c => c.Gateway.Auth.Mode = "none");
        await SayAsync(gateway, "hi", "s");
        using var answer = await gateway.PostAsync("/api/sessions/s", json, r => r.Headers.Add("x-openclaw-scopes", scope));
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "F80")]
    [Trait("Feature", "D29")]
    public async Task A_deleted_session_is_gone_from_every_view_and_from_storage()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SayAsync(gateway, "secret", "s");
        using var deleted = await gateway.Client.DeleteAsync("/api/v1/sessions/s");
        var rows = await RowsAsync(gateway, new SessionKey("", "main", "agent:main:api:s"));
        await SayAsync(gateway, "fresh", "s");

        Assert.True((await deleted.ReadDataAsync()).GetProperty("ok").GetBoolean());
        Assert.Empty(rows);
        Assert.Equal(["fresh"], Texts(upstream.Requests[1]));
        using var again = await gateway.Client.DeleteAsync("/api/sessions/s");
        using var never = await gateway.Client.DeleteAsync("/api/sessions/s");
        Assert.Equal((HttpStatusCode.NotFound, "SESSION_NOT_FOUND"), await never.ReadFailureAsync());
        Assert.Empty(Ids(await gateway.GetDataAsync("/api/sessions")));
    }

    [Fact]
    [Trait("Feature", "F80")]
    public async Task An_export_is_a_header_and_one_line_an_item()
    {
        await using var gateway = await StartAsync();
        await SayAsync(gateway, "grüß 😀", "s");
        using var answer = await gateway.Client.GetAsync("/api/sessions/s/export");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            l => JsonElement.Parse(l)).ToList();

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("agent:main:api:s", lines[0].GetProperty("sessionKey").GetString());
        Assert.Equal(["user", "assistant"], lines.Skip(1).Select(l => l.GetProperty("role").GetString()));
        Assert.Equal("grüß 😀", lines[2].GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    [Trait("Feature", "D23")]
    public async Task Sessions_of_other_surfaces_are_reached_by_their_keys()
    {
        await using var gateway = await StartAsync();
        using var user = await gateway.PostChatAsync("""{"model":"openclaw","user":"a/b","messages":[{"role":"user","content":"x"}]}""");
        using var named = await gateway.PostChatAsync(
            """{"model":"openclaw","messages":[{"role":"user","content":"y"}]}""", r =>
                r.Headers.Add("x-openclaw-session-key", "team-room"));
        var first = await gateway.GetDataAsync("/api/sessions/agent:main:openai-user:a%2Fb");
        var second = await gateway.GetDataAsync("/api/v1/sessions/team-room");

        Assert.Equal(("agent:main:openai-user:a/b", "openai"), (
            first.GetProperty("key").GetString(), first.GetProperty("channel").GetString()));
        Assert.Equal("team-room", second.GetProperty("key").GetString());
    }

    private static Task<JsonElement> SayAsync(GatewayHost gateway, string text, string id) =>
        gateway.PostDataAsync("/api/chat", $$"""{"message":"{{text}}","sessionId":"{{id}}"}""");

    private static IEnumerable<string> Ids(JsonElement list) =>
        list.GetProperty("sessions").EnumerateArray().Select(s => s.GetProperty("id").GetString()!);

    private static IEnumerable<string> Contents(JsonElement page) =>
        page.GetProperty("messages").EnumerateArray().Select(s => s.GetProperty("content").GetString()!);

    private static IEnumerable<string> Texts(UpstreamRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!);

    private static async Task<(HttpStatusCode, string)> FailAsync(GatewayHost gateway, string path)
    {
        using var answer = await gateway.Client.GetAsync(path);
        return await answer.ReadFailureAsync();
    }

    private static async Task<List<string>> RowsAsync(GatewayHost gateway, SessionKey key)
    {
        var table = gateway.Services.GetRequiredService<GatewayStorage>().Table(SessionStore.TableName);
        var rows = new List<string>();
        await foreach (var row in table.QueryAsync(new TableQuery { PartitionKey = key.Partition }, TestContext.Current.CancellationToken))
        {
            rows.Add(row.RowKey);
        }

        return rows;
    }

    private Task<GatewayHost> StartAsync(
        ScriptedUpstream? upstream = null, Action<GatewayConfig>? configure = null, TimeProvider? clock = null) =>
        GatewayHost.StartAsync(
            azurite.StorageAccount,
            c =>
            {
                if (upstream is not null)
                {
                    c.Models.Providers = new Dictionary<string,
                        ProviderSection>
                    { ["mock"] = upstream.ProviderConfig(models: ["m", "other"]) };
                }

                configure?.Invoke(c);
            },
            s => s.AddSingleton(clock ?? TimeProvider.System));
}
