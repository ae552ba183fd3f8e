using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>Sessions whose tool calls went wrong stay usable: each later turn gives the provider a history that it accepts.</summary>
public class BrokenHistoryTests(AzuriteFixture azurite)
{
    private const string Tools = """ "tools":[{"type":"function","function":{"name":"get_weather"}}] """;

    [Fact]
    public async Task Calls_that_the_user_did_not_answer_get_a_result_in_every_later_turn_and_a_late_one_replaces_it()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_p", "get_weather", """{"city":"Oslo"}""");
            await call.SendCallAsync(1, "call_q", "get_weather", """{"city":"Rome"}""");
            await call.FinishAsync("tool_calls");
        });
        await SendAsync(gateway, """{"role":"user","content":"hi"}""");
        await SendAsync(gateway, """{"role":"user","content":"never mind"}""");
        await SendAsync(gateway, """{"role":"tool","tool_call_id":"call_q","content":"rain"},{"role":"user","content":"and now?"}""");

        Assert.All(upstream.Requests, request => HistoryRules.CheckCompletions(request.Body, "127.0.0.1"));
        const string none = "Error: No result: this call was not answered.";
        Assert.Equal(["user:hi", "assistant:", $"tool:{none}", $"tool:{none}", "user:never mind"], Said(upstream.Requests[1]));
        Assert.Equal(
            ["user:hi", "assistant:", $"tool:{none}", "tool:rain", "user:never mind", "assistant:never mind", "user:and now?"],
            Said(upstream.Requests[2]));
    }

    [Fact]
    public async Task A_call_that_was_cut_off_is_not_shown_to_the_model()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var seen = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("Let me look.");
            await call.SendCallAsync(0, "call_cut", "get_weather", """{"city":"Os""");
            await seen.Task;
            call.Reset();
        });
        using (var cut = await gateway.PostChatAsync(Chat("""{"role":"user","content":"hi"}""", stream: true), stream: true))
        {
            await using var body = await cut.Content.ReadAsStreamAsync();
            using var reader = new StreamReader(body);
            while (await reader.ReadLineAsync() is { } line && !line.Contains("call_cut", StringComparison.Ordinal))
            {
            }

            seen.SetResult();
            Assert.Contains("\"upstream_interrupted\"", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }

        await SendAsync(gateway, """{"role":"user","content":"and now?"}""");

        Assert.Equal(["user:hi", "assistant:Let me look.", "user:and now?"], Said(upstream.Requests[1]));
        Assert.DoesNotContain("call_cut", upstream.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_was_cut_off_and_answered_all_the_same_keeps_its_result()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendCallAsync(0, "call_cut", "get_weather", """{"city":"Os""");
            await call.FinishAsync("length");
        });
        await SendAsync(gateway, """{"role":"user","content":"hi"}""");
        await SendAsync(gateway, """{"role":"tool","tool_call_id":"call_cut","content":"bad arguments"}""");

        HistoryRules.CheckCompletions(upstream.Requests[1].Body, "127.0.0.1");
        Assert.Equal(["user:hi", "assistant:", "tool:bad arguments"], Said(upstream.Requests[1]));
        Assert.Equal("{}", upstream.Requests[1].Body.GetProperty("messages")[1].GetProperty("tool_calls")[0]
            .GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task A_provider_that_repeats_its_call_ids_gets_each_result_at_its_own_call()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        foreach (var city in (string[])["Oslo", "Rome"])
        {
            upstream.Next(async call =>
            {
                await call.StartStreamAsync();
                await call.SendCallAsync(0, "call_1", "get_weather", $$"""{"city":"{{city}}"}""");
                await call.FinishAsync("tool_calls");
            });
        }

        await SendAsync(gateway, """{"role":"user","content":"Oslo?"}""");
        await SendAsync(gateway, """{"role":"tool","tool_call_id":"call_1","content":"rain"}""");
        await SendAsync(gateway, """{"role":"tool","tool_call_id":"call_1","content":"sun"}""");

        HistoryRules.CheckCompletions(upstream.Requests[2].Body, "127.0.0.1");
        Assert.Equal(["user:Oslo?", "assistant:", "tool:rain", "assistant:", "tool:sun"], Said(upstream.Requests[2]));
    }

    private static IEnumerable<string> Said(UpstreamRequest request) => request.Body.GetProperty("messages").EnumerateArray()
        .Select(m => $"{m.GetProperty("role").GetString()}:{m.GetProperty("content").GetString()}");

    private static string Chat(string messages, bool stream = false) =>
        $$"""{"model":"mock/m","user":"ada","stream":{{(stream ? "true" : "false")}},{{Tools}},"messages":[{{messages}}]}""";

    private static async Task SendAsync(GatewayHost gateway, string messages)
    {
        using var answer = await gateway.PostChatAsync(Chat(messages));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream) => GatewayHost.StartAsync(azurite.StorageAccount, c =>
        c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() });
}
