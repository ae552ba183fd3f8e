using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Tests.Support;
using OpenClaw.Text;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>Sessions as callers see them: through chat completions, over real storage.</summary>
public class StoredSessionTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F35")]
    [Trait("Feature", "F98")]
    public async Task A_user_continues_one_session_and_a_request_without_one_starts_afresh()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SendAsync(gateway, "one", user: "ada");
        await SendAsync(gateway, "two", user: "ada");
        await SendAsync(gateway, "three");

        Assert.Equal(["one", "one", "two"], Texts(upstream.Requests[1]));
        Assert.Equal(["three"], Texts(upstream.Requests[2]));
    }

    [Fact]
    [Trait("Feature", "F98")]
    public async Task A_stateless_request_works_without_any_storage_and_a_stored_one_says_what_is_missing()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, withStorage: false);
        using var stateless = await SendAsync(gateway, "one");
        using var stored = await SendAsync(gateway, "two", user: "ada", check: false);

        Assert.Equal(HttpStatusCode.OK, stateless.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, stored.StatusCode);
        Assert.Equal("storage_not_configured", (await stored.ReadErrorAsync()).Code);
    }

    [Fact]
    public async Task A_client_that_resends_its_whole_history_does_not_double_the_session()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await PostAsync(gateway,
            """{"model":"mock/m","user":"bob","messages":[{"role":"system","content":"S1"},{"role":"user","content":"one"}]}""");
        await PostAsync(gateway, """
            {"model":"mock/m","user":"bob","messages":[{"role":"system","content":"S2"},{"role":"user","content":"one"},
            {"role":"assistant","content":"one"},{"role":"user","content":"two"}]}
            """);

        Assert.Equal(["S2", "one", "one", "two"], Texts(upstream.Requests[1]));
    }

    [Fact]
    public async Task The_history_of_a_first_request_seeds_an_empty_session()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await PostAsync(gateway, """
            {"model":"mock/m","user":"cid","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}
            """);
        await SendAsync(gateway, "d", user: "cid");

        Assert.Equal(["a", "b", "c", "c", "d"], Texts(upstream.Requests[1]));
    }

    [Fact]
    public async Task A_request_with_nothing_new_for_its_session_is_400()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SendAsync(gateway, "one", user: "dee");
        using var answer = await gateway.PostChatAsync(
            """{"model":"mock/m","user":"dee","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"one"}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("no_new_input", (await answer.ReadErrorAsync()).Code);
    }

    [Theory]
    [InlineData("cron:daily")]
    [InlineData(" SUBAGENT:x")]
    [InlineData("acp\u200b:x")]
    [InlineData("ｃｒｏｎ：x")]
    [InlineData("   ")]
    [Trait("Feature", "T23")]
    public void Reserved_or_blank_session_keys_are_refused_in_every_spelling(string key) =>
        Assert.Equal(
            "invalid_session_key",
            Assert.Throws<GatewayException>(
                () => SessionKey.Explicit(new("operator", OpenClaw.Security.Scope.Default, false, true), "main", key, "key")).Error.Code);

    [Fact]
    [Trait("Feature", "T23")]
    public async Task A_reserved_session_key_is_400()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.PostChatAsync(
            """{"model":"openclaw","messages":[{"role":"user","content":"x"}]}""", r => r.Headers.Add("x-openclaw-session-key", "Cron:x"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "F45")]
    public async Task A_session_key_header_names_the_session_and_wins_over_user()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        await SendAsync(gateway, "one", key: "project-7");
        await SendAsync(gateway, "two", user: "someone", key: "project-7");

        Assert.Equal(["one", "one", "two"], Texts(upstream.Requests[1]));
    }

    [Fact]
    [Trait("Feature", "T36")]
    public async Task One_identity_never_continues_the_session_of_another()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, configure: c =>
        {
            c.Gateway.Auth.Mode = "trusted-proxy";
            c.Gateway.TrustedProxies = ["127.0.0.1"];
            c.Gateway.Auth.TrustedProxy = new() { UserHeader = "x-user", AllowLoopback = true };
        });
        foreach (var (user, text) in ((string, string)[])[("ada", "secret of ada"), ("eve", "what did she say")])
        {
            using var answer = await gateway.PostChatAsync(Chat(text, null), r =>
            {
                r.Headers.Add("x-user", user);
                r.Headers.Add("x-openclaw-session-key", "shared-name");
            });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(["what did she say"], Texts(upstream.Requests[1]));
    }

    [Fact]
    [Trait("Feature", "R3")]
    public async Task A_second_run_waits_for_the_first_and_none_is_lost()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var asked = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            asked.SetResult();
            await gate.Task;
            await call.StreamTextAsync("first done");
        });
        var first = SendAsync(gateway, "first", user: "flo");
        await asked.Task;
        var second = SendAsync(gateway, "second", user: "flo");
        gate.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(["first", "first done", "second"], Texts(upstream.Requests[1]));
    }

    [Fact]
    [Trait("Feature", "R15")]
    public async Task Output_seen_by_a_client_that_left_is_kept_as_interrupted_and_the_session_is_free_at_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var gone = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half an answer");
            await call.ClientGone;
            gone.SetResult();
        });
        using (var answer = await gateway.PostChatAsync(Chat("question", "gil", stream: true), stream: true))
        {
            await using var body = await answer.Content.ReadAsStreamAsync();
            using var reader = new StreamReader(body);
            while (await reader.ReadLineAsync() is { } line && !line.Contains("half an answer", StringComparison.Ordinal))
            {
            }
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await SendAsync(gateway, "again", user: "gil");

        Assert.Equal(["question", "half an answer", "again"], Texts(upstream.Requests[1]));
    }

    [Fact]
    public async Task A_run_that_fails_before_it_says_anything_leaves_the_session_as_it_was()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.NextStatus(400);
        using var failed = await SendAsync(gateway, "lost", user: "hal", check: false);
        await SendAsync(gateway, "kept", user: "hal");

        Assert.Equal(HttpStatusCode.BadRequest, failed.StatusCode);
        Assert.Equal(["kept"], Texts(upstream.Requests[1]));
    }

    [Fact]
    [Trait("Feature", "R10")]
    public async Task Long_texts_come_back_whole_whatever_their_size_and_letters()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var sessions = gateway.Services.GetRequiredService<SessionStore>();
        var key = new SessionKey("", "main", "long");
        var items = ((int[])[1, 29_999, 30_001, 200_000, 5_000_000])
            .Select(n => new MessageItem(
                "user", [new TextPart(string.Concat(Enumerable.Repeat("😀ä", n / 3 + 1)))])
            {
                Id =
                RandomId.Message()
            }).ToList<ConversationItem>();
        foreach (var item in items)
        {
            await using var turn = await sessions.BeginNewTurnAsync(key, TimeSpan.Zero, TestContext.Current.CancellationToken);
            await turn.CommitAsync(new TurnCommit([item], RunRow.Completed), TestContext.Current.CancellationToken);
        }

        await using (var many = await sessions.BeginNewTurnAsync(key, TimeSpan.Zero, TestContext.Current.CancellationToken))
        {
            var small = Enumerable.Range(0, 300).Select(
                i => new MessageItem("assistant", [new TextPart($"{i}")]) { Id = RandomId.Message() });
            await many.CommitAsync(new TurnCommit([.. small], RunRow.Completed), TestContext.Current.CancellationToken);
        }

        await using var read = await sessions.BeginNewTurnAsync(key, TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal(items.Select(Text), read.History.Take(items.Count).Select(Text));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), read.History.Skip(items.Count).Select(Text));
    }

    [Fact]
    [Trait("Feature", "T24")]
    public void Session_keys_become_hashes_that_joining_cannot_collide()
    {
        Assert.Equal(52, new SessionKey("", "main", "../../x?#/\\").Partition.Length);
        Assert.NotEqual(new SessionKey("a", "b", "c").Partition, new SessionKey("", "ab", "c").Partition);
        Assert.NotEqual(new SessionKey("", "a", "bc").Partition, new SessionKey("", "ab", "c").Partition);
    }

    private static string Text(ConversationItem item) => ((TextPart)((MessageItem)item).Content[0]).Text;

    private static string Chat(string text, string? user, bool stream = false) =>
        $$"""{"model":"mock/m","stream":{{(stream ? "true" : "false")}},"user":{{(user is null ? "null" : $"\"{user}\"")}},"messages":[{"role":"user","content":"{{text}}"}]}""";

    private static async Task<HttpResponseMessage> SendAsync(
        GatewayHost gateway, string text, string? user = null, string? key = null, bool check = true)
    {
        var answer = await gateway.PostChatAsync(Chat(text, user), r =>
        {
            if (key is not null)
            {
                r.Headers.Add("x-openclaw-session-key", key);
            }
        });
        Assert.True(!check || answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }

    private static async Task PostAsync(GatewayHost gateway, string json)
    {
        using var answer = await gateway.PostChatAsync(json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The texts of the messages that the provider was sent, in order.</summary>
    private static IEnumerable<string> Texts(UpstreamRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content") switch
        {
            { ValueKind: JsonValueKind.Array } parts =>
                string.Concat(parts.EnumerateArray().Select(p => p.GetProperty("text").GetString())),
            var text => text.GetString()!,
        });

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, bool withStorage = true, Action<GatewayConfig>? configure = null) =>
        GatewayHost.StartAsync(withStorage ? azurite.StorageAccount : null, c =>
        {
            c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            configure?.Invoke(c);
        });
}
