using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.ChatCompletions;

/// <summary>Histories that callers bring, with all their faults, through the whole gateway to each provider API.</summary>
public class ChatHistoryTests
{
    private static readonly string[] Ids = ["call_1", "call_2", "functions.f:0", new('x', 64)];

    [Fact]
    public async Task Every_provider_accepts_whatever_history_a_caller_brings()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(configure: c => c.Models.Providers =
            ((string[])["openai-completions", "openai-responses", "azure-openai", "anthropic-messages"])
                .ToDictionary(api => api, api => upstream.ProviderConfig(api)));
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<byte>>(), bytes =>
        {
            var messages = Messages(bytes.Get).ToJsonString();
            foreach (var model in (string[])
                ["openai-completions/m", "openai-responses/gpt-5", "azure-openai/m", "anthropic-messages/claude-opus-4-6"])
            {
                Send(gateway, model, messages);
                var body = upstream.Requests[^1].Body;
                switch (model.Split('/')[0])
                {
                    case "openai-responses":
                        HistoryRules.CheckResponses(body);
                        break;
                    case "anthropic-messages":
                        HistoryRules.CheckMessages(body, "claude-opus-4-6");
                        break;
                    case var api:
                        HistoryRules.CheckCompletions(body, api == "azure-openai" ? "api.openai.com" : "127.0.0.1");
                        break;
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20261127, 1));
    }

    private static void Send(GatewayHost gateway, string model, string messages)
    {
        using var answer = gateway.PostChatAsync($$"""{"model":"{{model}}","messages":{{messages}}}""").GetAwaiter().GetResult();
        Assert.True(answer.IsSuccessStatusCode, answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());
    }

    /// <summary>Results of calls that stand nowhere are left out: those are refused with <c>unknown_call_id</c>.</summary>
    private static JsonArray Messages(byte[] bytes)
    {
        var messages = bytes.Select(Message).ToList();
        var calls = messages.SelectMany(message => message["tool_calls"] as JsonArray ?? [])
            .Select(call => (string?)call!["id"]).ToHashSet();
        messages.RemoveAll(message => message["tool_call_id"] is { } id && !calls.Contains((string?)id));
        return messages.Count > 0 ? new([.. messages]) : new(new JsonObject { ["role"] = "system", ["content"] = "Say hi" });
    }

    private static JsonObject Message(byte pick, int number)
    {
        var message = new JsonObject
        {
            ["role"] = (pick % 8) switch { 0 or 1 => "user", 2 => "system", 3 or 4 or 5 => "assistant", _ => "tool" },
            ["content"] = (pick % 5) switch { 0 => "", 1 => " \n", _ => $"text {number}" },
        };
        if (pick % 8 > 5)
        {
            message["tool_call_id"] = Ids[pick / 8 % Ids.Length];
        }

        if (pick % 8 is 4 or 5)
        {
            message["reasoning_content"] = "thought";
            message["tool_calls"] = new JsonArray([.. Enumerable.Range(0, (pick / 32) + 1).Select(i => (JsonNode)new JsonObject
            {
                ["id"] = Ids[(pick + i) / 8 % Ids.Length],
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = (pick % 3) switch { 0 => "{\"a\":", 1 => "", _ => "{}" } },
            })]);
        }

        return message;
    }
}
