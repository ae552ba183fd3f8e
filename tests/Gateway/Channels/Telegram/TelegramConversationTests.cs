using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Telegram;

/// <summary>Who is answered, in which conversation, and what the gateway answers itself.</summary>
[Trait("Feature", "F73")]
public sealed class TelegramConversationTests(AzuriteFixture azurite)
{
    private const long Team = -1001;

    [Fact]
    public async Task An_unknown_person_gets_one_code_and_is_answered_once_it_is_approved()
    {
        await using var gateway = await StartAsync();
        await gateway.SendAsync(gateway.Update("let me in", from: 77));
        await gateway.SendAsync(gateway.Update("please", from: 77));
        var code = Regex.Match((await gateway.WaitForMessagesAsync(1))[0].Text, "code is ([A-Z0-9]{6,12})").Groups[1].Value;
        var list = await gateway.Host.GetDataAsync("/api/channels/telegram/pairing");
        Assert.Equal((code, "77"), (
            list.GetProperty("pending")[0].GetProperty("code").GetString(),
            list.GetProperty("pending")[0].GetProperty("sender").GetString()));
        var wrong = await gateway.Host.PostFailureAsync(
            "/api/v1/channels/telegram/pairing", """{"action":"approve","code":"AAAAAAAA"}""");
        Assert.Equal((HttpStatusCode.NotFound, "PAIRING_REQUEST_NOT_FOUND"), (wrong.Status, wrong.Code.ToUpperInvariant()));
        var done = await gateway.Host.PostDataAsync(
            "/api/v1/channels/telegram/pairing", $$"""{"action":"approve","code":"{{code.ToLowerInvariant()}}"}""");
        Assert.Equal("77", done.GetProperty("sender").GetString());
        await gateway.WaitForMessagesAsync(2);
        await gateway.SendAsync(gateway.Update("thank you", from: 77));

        Assert.Equal("echo thank you", (await gateway.WaitForMessagesAsync(3))[2].Text);
        Assert.Equal(["thank you"], gateway.Asked);
        Assert.All(gateway.Telegram.Messages, m => Assert.Equal(77, m.ChatId));
    }

    [Theory]
    [InlineData("allowlist", "42", 77, false)]
    [InlineData("allowlist", "7", 77, false)]
    [InlineData("allowlist", "77", 77, true)]
    [InlineData("open", "*", 77, true)]
    [InlineData("disabled", "77", 77, false)]
    [Trait("Feature", "T20")]
    public async Task Direct_chats_follow_their_policy_by_whole_ids(string policy, string allowed, long sender, bool isAnswered)
    {
        await using var gateway = await StartAsync(s => (s.DmPolicy, s.AllowFrom) = (policy, [allowed, "1"]));
        await gateway.SendAsync(gateway.Update("hello", from: sender));
        await gateway.SendAsync(gateway.Update("the end", from: allowed == "*" || policy == "disabled" ? sender : 1));

        var expected = isAnswered ? new[] { "hello", "the end" } : policy == "disabled" ? [] : ["the end"];
        if (policy != "disabled")
        {
            await gateway.WaitForMessagesAsync(expected.Length);
        }

        Assert.Equal(expected, gateway.Asked);
    }

    [Fact]
    public async Task In_groups_only_listed_senders_who_mention_the_bot_are_answered()
    {
        await using var gateway = await StartAsync(s => s.Groups = new Dictionary<string, GroupSection> { ["-1001"] = new() });
        await gateway.SendAsync(gateway.Update("nobody is meant", chat: Team));
        await gateway.SendAsync(Mention(gateway, "@openclaw_test_bots not this one", 0, 19));
        await gateway.SendAsync(gateway.Update("@openclaw_test_bot from a stranger", chat: Team, from: 77, change: Mark("mention", 0, 18)));
        await gateway.SendAsync(gateway.Update("@openclaw_test_bot elsewhere", chat: -5, change: Mark("mention", 0, 18)));
        await gateway.SendAsync(Mention(gateway, "@OpenClaw_test_bot, what is it?", 0, 18));
        await gateway.SendAsync(gateway.Update("and this?", chat: Team, change: m => m["reply_to_message"] = new JsonObject
        {
            ["message_id"] = 1,
            ["from"] = new JsonObject { ["id"] = TelegramStandIn.BotId, ["is_bot"] = true },
            ["chat"] = new JsonObject { ["id"] = Team, ["type"] = "supergroup" },
        }));

        var messages = await gateway.WaitForMessagesAsync(2);
        Assert.Equal(["[Ada (42) in Team]\nwhat is it?", "[Ada (42) in Team]\nand this?"], gateway.Asked);
        Assert.All(messages, m => Assert.Equal((Team, true), (m.ChatId, m.ReplyTo is not null)));
        Assert.NotEmpty(await gateway.WaitForRestAsync("agent:main:telegram:group:-1001"));
    }

    [Fact]
    public async Task Topics_have_conversations_of_their_own_and_are_answered_in_place()
    {
        await using var gateway = await StartAsync(s => s.Groups = new Dictionary<string, GroupSection>
        {
            ["*"] = new() { RequireMention = false, Topics = new Dictionary<string, GroupSection> { ["9"] = new() { Enabled = false } } },
        });
        foreach (var topic in new[] { 7, 8, 9 })
        {
            await gateway.SendAsync(gateway.Update($"topic {topic}", chat: Team, change: m =>
                (m["message_thread_id"], m["is_topic_message"]) = (topic, true)));
        }

        var messages = await gateway.WaitForMessagesAsync(2);
        Assert.Equal([7L, 8L], messages.Select(m => m.Thread!.Value).Order());
        foreach (var topic in new[] { 7, 8 })
        {
            Assert.NotEmpty(await gateway.WaitForRestAsync($"agent:main:telegram:group:-1001:topic:{topic}"));
        }

        Assert.All(gateway.Upstream.Requests, r => Assert.Single(r.Body.GetProperty("messages").EnumerateArray()));
    }

    [Theory]
    [InlineData("main", "agent:main:main")]
    [InlineData("per-peer", "agent:main:direct:42")]
    [InlineData("per-channel-peer", "agent:main:telegram:direct:42")]
    [InlineData("per-account-channel-peer", "agent:main:telegram:default:direct:42")]
    public async Task Direct_chats_have_the_session_that_dmScope_says(string scope, string key)
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c => c.Session.DmScope = scope);
        await gateway.SendAsync("hello");
        await gateway.WaitForMessagesAsync(1);

        Assert.NotEmpty(await gateway.WaitForRestAsync(key));
    }

    [Theory]
    [InlineData("main", "agent:main:main")]
    [InlineData("per-peer", "agent:main:direct:ada")]
    [InlineData("per-account-channel-peer", "agent:main:telegram:default:direct:ada")]
    public async Task A_person_who_is_linked_has_the_session_of_that_name(string scope, string key)
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c =>
        {
            c.Session.DmScope = scope;
            c.Session.IdentityLinks = new Dictionary<string, IReadOnlyList<string>>
            {
                ["bob"] = ["telegram:77", "discord:42"],
                ["ada"] = ["discord:9", "telegram:42"],
            };
        });
        await gateway.SendAsync("hello");
        await gateway.WaitForMessagesAsync(1);
        Assert.NotEmpty(await gateway.WaitForRestAsync(key));
    }

    [Fact]
    public async Task The_most_exact_binding_decides_which_agent_answers()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c =>
        {
            c.Channels.Telegram!.AllowFrom = ["*"];
            c.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new(), ["home"] = new(), ["work"] = new() };
            c.Bindings =
            [
                new BindingSection { AgentId = "home", Match = new BindingMatchSection { Channel = "telegram" } },
                new BindingSection
                {
                    AgentId = "work", Match = new BindingMatchSection { Channel = "telegram", Peer = new BindingPeerSection("direct", "77") },
                },
                new BindingSection { AgentId = "main", Match = new BindingMatchSection { Channel = "slack" } },
            ];
        });
        await gateway.SendAsync(gateway.Update("at home"));
        await gateway.SendAsync(gateway.Update("at work", from: 77));
        await gateway.WaitForMessagesAsync(2);

        Assert.NotEmpty(await gateway.WaitForRestAsync("agent:home:telegram:direct:42"));
        Assert.NotEmpty(await gateway.WaitForRestAsync("agent:work:telegram:direct:77"));
    }

    [Fact]
    public async Task Commands_are_answered_without_a_model_and_a_reset_forgets()
    {
        await using var gateway = await StartAsync();
        await gateway.SendAsync("remember me");
        await gateway.WaitForMessagesAsync(1);
        foreach (var command in new[] { "/help", "/status", "/model mock/m", "/model nothing/there", "/new@openclaw_test_bot", "/new@another_bot" })
        {
            await gateway.SendAsync(gateway.Update(command, change: Mark("bot_command", 0, command.Split(' ')[0].Length)));
        }

        await gateway.SendAsync("/reset who am I?");
        var texts = (await gateway.WaitForMessagesAsync(8)).Select(m => m.Text).ToList();

        Assert.All(new[] { "/new", "/reset", "/status", "/help" }, name => Assert.Contains(name, texts[1], StringComparison.Ordinal));
        Assert.Contains("mock/m", texts[2], StringComparison.Ordinal);
        Assert.Contains("mock/m", texts[3], StringComparison.Ordinal);
        Assert.Contains("no such model", texts[4], StringComparison.Ordinal);
        Assert.Contains("new session", texts[5], StringComparison.Ordinal);
        Assert.Equal("echo /new@another_bot", texts[6]);
        Assert.Equal("echo who am I?", texts[7]);
        Assert.Equal(3, gateway.Upstream.Requests.Count);
        Assert.Single(gateway.Upstream.Requests[2].Body.GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Stop_ends_the_answer_that_is_being_made()
    {
        await using var gateway = await StartAsync();
        gateway.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("and so on ");
            await call.HangAsync();
        });
        await gateway.SendAsync("talk");
        await gateway.Upstream.RequestAsync(0);
        await gateway.SendAsync("/stop");

        Assert.Equal("Stopped.", (await gateway.WaitForMessagesAsync(1))[0].Text);
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        Assert.Single(gateway.Telegram.Messages);
    }

    [Fact]
    [Trait("Feature", "T29")]
    public async Task A_failing_model_is_told_in_words_and_markers_of_the_harness_are_not()
    {
        await using var gateway = await StartAsync();
        gateway.Upstream.NextStatus(400, """{"error":{"message":"secret upstream words","type":"invalid_request_error"}}""");
        gateway.Upstream.Next(call => call.StreamTextAsync(
            "Here: <system-reminder>do not tell</system-reminder>yes<tool_call>{\"name\":\"x\"}</tool_call> <|im_start|>no "
            + "<<<EXTERNAL_UNTRUSTED_CONTENT id=\"1\">>>"));
        await gateway.SendAsync("one");
        await gateway.SendAsync("two");
        var messages = await gateway.WaitForMessagesAsync(2);

        Assert.Contains("could not answer", messages[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", messages[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("Here: yes", messages[1].Text, StringComparison.Ordinal);
        foreach (var marker in new[] { "system-reminder", "tell", "tool_call", "im_start", "UNTRUSTED" })
        {
            Assert.DoesNotContain(marker, messages[1].Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Buttons_and_edited_messages_are_turns_and_a_pressed_button_is_answered()
    {
        await using var gateway = await StartAsync();
        await gateway.SendAsync(new JsonObject
        {
            ["update_id"] = 1,
            ["callback_query"] = new JsonObject
            {
                ["id"] = "pressed-1",
                ["data"] = "choice A",
                ["from"] = new JsonObject { ["id"] = 42 },
                ["message"] = new JsonObject
                {
                    ["message_id"] = 9,
                    ["chat"] = new JsonObject { ["id"] = 42, ["type"] = "private" },
                    ["text"] = "Choose",
                    ["from"] = new JsonObject { ["id"] = TelegramStandIn.BotId, ["is_bot"] = true },
                },
            },
        });
        var edited = gateway.Update("with a correction", id: 2);
        edited["edited_message"] = edited["message"]!.DeepClone();
        edited.Remove("message");
        await gateway.SendAsync(edited);
        await gateway.WaitForMessagesAsync(2);

        Assert.Equal(["choice A", "[edited message]\nwith a correction"], gateway.Asked);
        Assert.Equal("pressed-1", Assert.Single(gateway.Telegram.CallsOf("answerCallbackQuery"))["callback_query_id"]);
    }

    [Fact]
    [Trait("Feature", "F79")]
    public async Task Channels_are_listed_with_their_state_and_without_secrets()
    {
        await using var gateway = await StartAsync();
        await gateway.SendAsync("hello");
        await gateway.WaitForMessagesAsync(1);
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        using var answer = await gateway.Host.Client.GetAsync("/api/channels");
        var text = await answer.Content.ReadAsStringAsync();
        var telegram = JsonElement.Parse(text).GetProperty("data").GetProperty("channels")[0];

        Assert.Equal(("telegram", "active", true, 0), (
            telegram.GetProperty("name").GetString(), telegram.GetProperty("status").GetString(),
            telegram.GetProperty("configured").GetBoolean(), telegram.GetProperty("outboxWaiting").GetInt32()));
        Assert.True(telegram.GetProperty("lastInboundAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.DoesNotContain(TelegramStandIn.Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(TelegramGateway.Secret, text, StringComparison.Ordinal);
    }

    private Task<TelegramGateway> StartAsync(Action<TelegramSection>? configure = null) =>
        TelegramGateway.StartAsync(azurite.StorageAccount, c => configure?.Invoke(c.Channels.Telegram!));

    private static JsonObject Mention(TelegramGateway gateway, string text, int offset, int length) =>
        gateway.Update(text, chat: Team, change: Mark("mention", offset, length));

    private static Action<JsonObject> Mark(string type, int offset, int length) => message => message["entities"] =
        new JsonArray(new JsonObject { ["type"] = type, ["offset"] = offset, ["length"] = length });
}
