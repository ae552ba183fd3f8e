using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Gateway.Channels.Discord;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Discord;

/// <summary>Commands and replies on Discord: the announced message, follow-ups, messages in the channel, files, failures.</summary>
[Trait("Feature", "F73")]
public sealed class DiscordReplyTests(AzuriteFixture azurite)
{
    private static readonly JsonObject UnknownWebhook = new() { ["message"] = "Unknown Webhook", ["code"] = 10015 };

    [Fact]
    public async Task A_question_is_answered_in_the_announced_message_and_calls_nobody()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        discord.Upstream.Always(call => call.StreamTextAsync("**bold** @everyone <@1> snake_case"));
        await discord.SendAsync("hello");
        var message = Assert.Single(await discord.WaitForMessagesAsync(1));

        Assert.Equal("**bold** @everyone \\<@1> snake\\_case", message.Content);
        Assert.Equal("""{"parse":[]}""", message.AllowedMentions);
        Assert.Equal(["hello"], discord.Asked);
        var call = Assert.Single(discord.Discord.Calls);
        Assert.Equal(("editOriginal", null), (call.Operation, call.Authorization));
        Assert.Matches("^DiscordBot \\(https?://[^,]+, [0-9.]+\\)$", call.Headers["User-Agent"]);
    }

    [Fact]
    public async Task Commands_need_no_model_and_a_command_on_a_message_asks_about_it()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        await discord.SendAsync(discord.Command("status"));
        await discord.WaitForMessagesAsync(1);
        await discord.SendAsync(discord.Command("help"));
        await discord.WaitForMessagesAsync(2);
        await discord.SendAsync(discord.Command("new"));
        await discord.WaitForMessagesAsync(3);
        Assert.Empty(discord.Asked);
        await discord.SendAsync(discord.Ask("", i => i["data"] = new JsonObject
        {
            ["name"] = "Ask OpenClaw",
            ["type"] = 3,
            ["target_id"] = "55",
            ["resolved"] = new JsonObject
            {
                ["messages"] = new JsonObject { ["55"] = new JsonObject { ["id"] = "55", ["content"] = "What is this?" } },
            },
        }));
        var messages = await discord.WaitForMessagesAsync(4);

        Assert.Contains("**main**", messages[0].Content, StringComparison.Ordinal);
        Assert.All(["/new", "/reset", "/status", "/help"], c => Assert.Contains(c, messages[1].Content, StringComparison.Ordinal));
        Assert.Equal(["What is this?"], discord.Asked);
    }

    [Fact]
    public async Task A_guild_has_a_conversation_for_each_channel()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        foreach (var channel in new[] { "501", "502" })
        {
            await discord.SendAsync(discord.Ask("in " + channel, i =>
            {
                i.Remove("user");
                (i["guild_id"], i["channel_id"]) = ("900", channel);
                i["member"] = new JsonObject { ["user"] = new JsonObject { ["id"] = DiscordGateway.Owner }, ["nick"] = "Ada" };
            }));
            await discord.WaitForRestAsync("agent:main:discord:channel:" + channel);
        }

        Assert.Equal(["501", "502"], discord.Discord.Messages.Select(m => m.Channel));
        Assert.Single(discord.Upstream.Requests[1].Body.GetProperty("messages").EnumerateArray(), m =>
            m.GetProperty("role").GetString() == "user");
    }

    [Fact]
    public async Task A_long_answer_goes_on_in_follow_ups_with_closed_fences()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        var code = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"line {i}"));
        discord.Upstream.Always(call => call.StreamTextAsync($"Here:\n\n```python\n{code}\n```\n\n{new string('x', 2500)}"));
        await discord.SendAsync("write");
        await discord.WaitForRestAsync(DiscordGateway.DirectKey);

        var messages = discord.Discord.Messages;
        Assert.Equal(messages.Select((_, i) => i > 0), messages.Select(m => m.IsFollowUp));
        Assert.All(messages, m => Assert.InRange(m.Content.Length, 1, 2000));
        Assert.All(messages, m => Assert.InRange(m.Content.Split('\n').Length, 1, 17));
        Assert.All(messages, m => Assert.Equal(1, m.Content.Split("```").Length % 2));
        Assert.All(messages, m => Assert.Equal("""{"parse":[]}""", m.AllowedMentions));
        Assert.Equal(
            code.Split('\n'), messages.SelectMany(m => m.Content.Split('\n')).Where(l => l.StartsWith("line", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_announcement_that_Discord_does_not_know_yet_is_waited_for()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        discord.Discord.Fail("editOriginal", PlatformFault.Answer(404, UnknownWebhook.DeepClone()));
        await discord.SendAsync("hello");

        Assert.Equal("echo hello", Assert.Single(await discord.WaitForMessagesAsync(1)).Content);
    }

    [Fact]
    [Trait("Feature", "R7")]
    public async Task When_the_token_is_over_the_answer_comes_once_in_the_channel_whatever_the_network_does()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        var model = new TaskCompletionSource();
        discord.Upstream.Next(async call =>
        {
            await model.Task;
            await call.StreamTextAsync("late");
        });
        var ask = discord.Ask("hello");
        await discord.SendAsync(ask);
        await discord.Upstream.RequestAsync(0);
        discord.Discord.Expire(ask["token"]!.GetValue<string>());
        discord.Discord.Fail(
            "createMessage", PlatformFault.CutAfterAcceptance, PlatformFault.CutAfterAcceptance, PlatformFault.ServerError(502));
        model.SetResult();
        await discord.WaitForRestAsync(DiscordGateway.DirectKey);

        var message = Assert.Single(discord.Discord.Messages);
        Assert.Equal(("late", DiscordGateway.Direct, 24), (message.Content, message.Channel, message.Nonce!.Length));
        Assert.Equal(4, discord.Discord.CallsOf("createMessage").Count);
    }

    [Fact]
    public async Task After_fifteen_minutes_the_token_is_not_tried_any_more()
    {
        var clock = new WatchedTimeProvider(TimeProvider.System.GetUtcNow());
        await using var discord = await DiscordGateway.StartAsync(
            azurite.StorageAccount, c => c.Channels.Discord!.Streaming = "off", s => s.AddSingleton<TimeProvider>(clock));
        var model = new TaskCompletionSource();
        discord.Upstream.Next(async call =>
        {
            await model.Task;
            await call.StreamTextAsync("late");
        });
        await discord.SendAsync("hello");
        await discord.Upstream.RequestAsync(0);
        clock.Advance(TimeSpan.FromMinutes(15));
        model.SetResult();
        await discord.Host.WhileTimeGoesOnAsync(discord.WaitForMessagesAsync(1), clock, TimeSpan.FromSeconds(1));

        Assert.Empty(discord.Discord.CallsOf("editOriginal"));
        Assert.Equal("Bot " + DiscordStandIn.Token, Assert.Single(discord.Discord.CallsOf("createMessage")).Authorization);
    }

    [Fact]
    [Trait("Feature", "R7")]
    public async Task The_announced_message_is_filled_in_again_when_nobody_knows_whether_it_was()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        discord.Discord.Fail("editOriginal", PlatformFault.CutAfterAcceptance, PlatformFault.CutBeforeAcceptance);
        await discord.SendAsync("hello");
        await discord.WaitForRestAsync(DiscordGateway.DirectKey);

        Assert.Equal("echo hello", Assert.Single(discord.Discord.Messages).Content);
        Assert.Equal(3, discord.Discord.CallsOf("editOriginal").Count);
    }

    [Fact]
    [Trait("Feature", "R7")]
    public async Task A_follow_up_whose_answer_was_lost_comes_twice_at_most()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount, c => c.Channels.Discord!.TextChunkLimit = 100);
        discord.Upstream.Always(call => call.StreamTextAsync($"{new string('a', 90)}\n\n{new string('b', 90)}"));
        discord.Discord.Fail("followUp", Enumerable.Repeat(PlatformFault.CutAfterAcceptance, 5).ToArray());
        await discord.SendAsync("hello");
        await discord.WaitForRestAsync(DiscordGateway.DirectKey);

        Assert.Equal("abb", string.Concat(discord.Discord.Messages.Select(m => m.Content[0])));
        Assert.Contains("ambiguous_delivery", discord.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_of_rate_is_kept_and_parts_that_arrived_are_not_repeated()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount, c => c.Channels.Discord!.TextChunkLimit = 100);
        discord.Upstream.Always(call => call.StreamTextAsync(
            string.Join("\n\n", Enumerable.Range(0, 3).Select(i => new string((char)('a' + i), 90)))));
        discord.Discord.Fail("editOriginal", PlatformFault.RateLimited(0.2));
        discord.Discord.Fail("followUp", PlatformFault.RateLimited(0.2), PlatformFault.ServerError(500));
        await discord.SendAsync("hello");
        await discord.WaitForRestAsync(DiscordGateway.DirectKey);

        Assert.Equal("abc", string.Concat(discord.Discord.Messages.Select(m => m.Content[0])));
        Assert.Equal((2, 4), (discord.Discord.CallsOf("editOriginal").Count, discord.Discord.CallsOf("followUp").Count));
    }

    [Fact]
    public async Task A_refusal_is_final_and_the_next_question_is_served()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        discord.Discord.Fail("editOriginal", PlatformFault.Answer(
            400, new JsonObject { ["message"] = "Invalid Form Body", ["code"] = 50035 }));
        await discord.SendAsync("lost");
        await discord.WaitForRestAsync(DiscordGateway.DirectKey);
        await discord.SendAsync("served");
        await discord.WaitForRestAsync(DiscordGateway.DirectKey);

        Assert.Equal("echo served", Assert.Single(discord.Discord.Messages).Content);
        Assert.Contains("code 50035", discord.Host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(DiscordStandIn.Token, discord.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_come_in_without_a_token_and_go_out_as_attachments()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        var address = await discord.StoreFileAsync(ImageSamples.Small, "chart.png");
        discord.Upstream.Always(call => call.StreamTextAsync($"Here:\n\n![chart]({address})"));
        await discord.SendAsync(discord.Ask("look", i =>
        {
            i["data"]!["options"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = "file", ["type"] = 11, ["value"] = "9" });
            i["data"]!["resolved"] = new JsonObject
            {
                ["attachments"] = new JsonObject
                {
                    ["9"] = new JsonObject
                    {
                        ["id"] = "9",
                        ["filename"] = "in.png",
                        ["content_type"] = "image/png",
                        ["size"] = ImageSamples.Small.Length,
                        ["url"] = discord.Discord.AddFile("in.png", ImageSamples.Small),
                    },
                },
            };
        }));
        var messages = await discord.WaitForMessagesAsync(2);

        Assert.Contains("data:image/png;base64,", discord.Upstream.Requests[0].Body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("/attachments/", discord.Upstream.Requests[0].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("Here:", messages[0].Content);
        Assert.Equal(ImageSamples.Small, messages[1].File!.Content);
    }

    [Fact]
    public async Task The_commands_can_be_registered()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        await discord.Host.Services.GetRequiredService<DiscordApi>().RegisterCommandsAsync(
            DiscordGateway.SectionFor(discord.Discord), TestContext.Current.CancellationToken);

        Assert.Equal(
            ["ask", "new", "reset", "status", "model", "stop", "help", "Ask OpenClaw"],
            discord.Discord.Commands!.Select(c => c!["name"]!.GetValue<string>()));
        Assert.Null(discord.Discord.Commands![^1]!["description"]); // a command on a message takes none
    }
}
