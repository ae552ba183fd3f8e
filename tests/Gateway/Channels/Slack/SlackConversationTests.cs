using System.Text.Json.Nodes;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Slack;

/// <summary>Chats, threads, commands and files on Slack.</summary>
[Trait("Feature", "F73")]
public sealed class SlackConversationTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_direct_message_is_answered_in_mrkdwn_without_mentions()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        slack.Upstream.Always(call => call.StreamTextAsync("**bold** & <!channel> <@U1>"));
        await slack.SendAsync("a &lt;b&gt; &amp; <https://example.com/x|example.com/x> <#C1|general> <!here>");

        var message = (await slack.WaitForMessagesAsync(1))[0];
        Assert.Equal(
            (SlackGateway.Direct, "*bold* &amp; &lt;!channel&gt; &lt;@U1&gt;", null), (message.Channel, message.Text, message.Thread));
        Assert.Equal(["a <b> & example.com/x #general @here"], slack.Asked);
    }

    [Fact]
    public async Task A_mention_in_a_channel_is_answered_there_and_one_in_a_thread_in_the_thread()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        await slack.SendAsync(slack.Mention($"<@{SlackStandIn.BotUserId}> in the channel"));
        await slack.WaitForMessagesAsync(1);
        await slack.SendAsync(slack.Mention($"in the thread <@{SlackStandIn.BotUserId}>", e => e["thread_ts"] = "1699999999.000001"));
        await slack.WaitForMessagesAsync(2);
        await slack.SendAsync(slack.Event("a reply to the app", e =>
            (e["channel"], e["channel_type"], e["thread_ts"], e["parent_user_id"]) =
                ("C1", "channel", "1699999999.000002", SlackStandIn.BotUserId)));
        var messages = await slack.WaitForMessagesAsync(3);

        Assert.Equal([null, "1699999999.000001", "1699999999.000002"], messages.Select(m => m.Thread));
        Assert.EndsWith("\nin the channel", slack.Asked[0], StringComparison.Ordinal);
        Assert.EndsWith("\nin the thread", slack.Asked[1], StringComparison.Ordinal);
        Assert.Single(slack.Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray(), m =>
            m.GetProperty("role").GetString() == "user"); // a thread has a conversation of its own
    }

    [Fact]
    public async Task Commands_are_answered_in_their_channel_and_need_no_model()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        foreach (var text in new[] { "/status", "", "what is up?" })
        {
            using var answer = await slack.CommandAsync(text);
            Assert.Equal("", await answer.Content.ReadAsStringAsync());
            await slack.WaitForMessagesAsync(text.Length == 0 ? 2 : 1);
        }

        using var own = await slack.CommandAsync("", command: "/new");
        var messages = await slack.WaitForMessagesAsync(4);

        Assert.All(messages, m => Assert.Equal("C1", m.Channel));
        Assert.Contains("*main*", messages[0].Text, StringComparison.Ordinal);
        Assert.Contains("/help", messages[1].Text, StringComparison.Ordinal);
        Assert.EndsWith("\nwhat is up?", Assert.Single(slack.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_where_the_app_is_no_member_is_answered_by_its_response_url()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        slack.Slack.Refusing["C1"] = "not_in_channel";
        using var answer = await slack.CommandAsync("hello");
        var message = (await slack.WaitForMessagesAsync(1))[0];

        Assert.False(message.IsEphemeral);
        Assert.EndsWith("hello", message.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T25")]
    public async Task A_response_url_elsewhere_is_not_called()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        await using var other = await SlackStandIn.StartAsync();
        slack.Slack.Refusing["C1"] = "not_in_channel";
        using var answer = await slack.CommandAsync("hello", responseUrl: other.ResponseUrl("C1"));
        await slack.WaitForRestAsync("agent:main:slack:channel:C1");

        Assert.Empty(other.Calls);
        Assert.Contains("not_in_channel", slack.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_may_not_ask_is_told_so_privately_and_only_after_a_command()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        using var answer = await slack.CommandAsync("hello", user: "U0STRANGER");
        var body = await answer.ReadJsonAsync();

        Assert.Equal("ephemeral", body.GetProperty("response_type").GetString());
        Assert.Empty(slack.Slack.Calls);
        Assert.Equal(0, await slack.CountRowsAsync());
    }

    [Fact]
    public async Task An_unknown_person_gets_a_code_once()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        for (var i = 0; i < 3; i++)
        {
            await slack.SendAsync(slack.Event("hello", e => (e["user"], e["channel"]) = ("U0STRANGER", "D0STRANGER")));
        }

        var message = Assert.Single(await slack.WaitForMessagesAsync(1));
        Assert.Equal("D0STRANGER", message.Channel);
        Assert.Matches("\\*[A-Z0-9]{8}\\*", message.Text);
        Assert.Empty(slack.Asked);
    }

    [Fact]
    public async Task A_shortcut_on_a_message_asks_about_it_in_its_thread()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        var payload = new JsonObject
        {
            ["type"] = "message_action",
            ["trigger_id"] = "1.2.3",
            ["callback_id"] = "ask",
            ["team"] = new JsonObject { ["id"] = "T1" },
            ["user"] = new JsonObject { ["id"] = SlackGateway.Owner, ["name"] = "ada" },
            ["channel"] = new JsonObject { ["id"] = "C1", ["name"] = "general" },
            ["message"] = new JsonObject { ["type"] = "message", ["user"] = "U1", ["ts"] = "1700000500.000100", ["text"] = "1 &lt; 2?" },
        };
        using var answer = await slack.PostAsync(
            "payload=" + Uri.EscapeDataString(payload.ToJsonString()), type: "application/x-www-form-urlencoded");
        var message = (await slack.WaitForMessagesAsync(1))[0];

        Assert.Equal("1700000500.000100", message.Thread);
        Assert.EndsWith("\n1 < 2?", Assert.Single(slack.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_reaches_the_model_and_a_file_elsewhere_is_not_fetched()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        await using var other = await SlackStandIn.StartAsync();
        JsonObject File(string url, string name) => new()
        {
            ["id"] = "F1",
            ["name"] = name,
            ["mimetype"] = "image/png",
            ["size"] = ImageSamples.Small.Length,
            ["url_private"] = url,
        };
        await slack.SendAsync(slack.Event("look", e =>
        {
            e["subtype"] = "file_share";
            e["files"] = new JsonArray(
                File(slack.Slack.AddFile("good.png", ImageSamples.Small), "good.png"),
                File(other.AddFile("bad.png", ImageSamples.Small), "bad.png"));
        }));
        var message = (await slack.WaitForMessagesAsync(1))[0];
        var sent = slack.Upstream.Requests[0].Body.GetRawText();

        Assert.Contains("data:image/png;base64,", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("files-pri", sent, StringComparison.Ordinal);
        Assert.DoesNotContain(SlackStandIn.Token, sent, StringComparison.Ordinal);
        Assert.Empty(other.Calls);
        Assert.Contains("bad.png", message.Text, StringComparison.Ordinal);
    }
}
